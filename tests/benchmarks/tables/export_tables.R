# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript export_tables.R FOLDER: tables of Debian's r-cran-aer, -mass, -mlbench, -cardata, -ggplot2 as CSV files, the
# target as the last column "target". Needs those packages; what is missing is left out.
folder <- commandArgs(trailingOnly = TRUE)[1]
write_table <- function(name, package, target, drop = c(), rows = Inf) {
  found <- new.env()
  if (!requireNamespace(package, quietly = TRUE)) return(invisible())
  data(list = name, package = package, envir = found)
  table <- as.data.frame(get(name, envir = found))
  table <- table[!is.na(table[[target]]), setdiff(names(table), drop)]
  set.seed(1)
  if (nrow(table) > rows) table <- table[sort(sample(nrow(table), rows)), ]
  goal <- table[[target]]
  table[[target]] <- NULL
  table$target <- goal
  write.csv(table, file.path(folder, paste0(name, ".csv")), row.names = FALSE, na = "")
}
write_table("HMDA", "AER", "deny")
write_table("CreditCard", "AER", "card", c("expenditure", "share"))
write_table("HealthInsurance", "AER", "insurance")
write_table("BankWages", "AER", "job")
write_table("HousePrices", "AER", "price")
write_table("PimaIndiansDiabetes2", "mlbench", "diabetes")
write_table("Vehicle", "mlbench", "Class")
write_table("Satellite", "mlbench", "classes")
write_table("BostonHousing", "mlbench", "medv")
write_table("TitanicSurvival", "carData", "survived")
write_table("SLID", "carData", "wages")
write_table("diamonds", "ggplot2", "price", rows = 10000)
