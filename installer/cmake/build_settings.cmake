# SPDX-License-Identifier: GPL-3.0-or-later
# Language level, output folders, warnings, sanitizers, ccache and mold.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_AUTOGEN_ORIGIN_DEPENDS OFF)  # moc reads headers; it need not wait for libraries
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(LATHE_CCACHE ccache)
if(LATHE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness lets it cache what is compiled behind a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${LATHE_CCACHE})
endif()
find_program(LATHE_MOLD mold)
if(LATHE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Debian's alternatives prefer OpenBLAS on pthreads, several times slower for small networks, also where the OpenMP one is
# installed. The old kind of rpath also holds for what the libraries load; a folder that is not there does nothing.
option(LATHE_PREFER_OPENMP_BLAS "Load Debian's OpenBLAS on OpenMP where it is installed, whatever the alternatives say" ON)
if(LATHE_PREFER_OPENMP_BLAS AND CMAKE_LIBRARY_ARCHITECTURE)
  set(CMAKE_BUILD_RPATH /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp)
  set(CMAKE_INSTALL_RPATH ${CMAKE_BUILD_RPATH})
  add_link_options(-Wl,--disable-new-dtags)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options(-Wno-restrict)  # GCC bug 105651: false alarms on "text" + std::string
endif()
if(LATHE_WARNINGS_AS_ERRORS)
  add_compile_options(-Werror)
endif()
if(LATHE_SANITIZE)
  # After the build type's own: instrumented code gains little from more, and takes much longer to compile.
  add_compile_options(-fsanitize=${LATHE_SANITIZE} -fno-omit-frame-pointer -g1 -O1)
  add_link_options(-fsanitize=${LATHE_SANITIZE})
  if(LATHE_SANITIZE_EXCEPT)
    add_compile_options(-fno-sanitize=${LATHE_SANITIZE_EXCEPT})
  endif()
endif()
find_package(Threads REQUIRED)
