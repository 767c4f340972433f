# SPDX-License-Identifier: GPL-3.0-or-later
"""Optuna with PyTorch, for throughput.py: throughput_peer.py KIND STORAGE DATA TRIALS SAMPLER SEED create|show|N."""
import json
import sys

import numpy as np
import optuna
import torch

EPOCHS, BATCH = 5, 36
kind, storage_file, data_file, trials, sampler, seed, what = sys.argv[1:8]
optuna.logging.set_verbosity(optuna.logging.WARNING)
torch.set_num_threads(1)


def storage():
    if kind == "people":
        return f"sqlite:///{storage_file}"
    from optuna.storages import JournalFileStorage, JournalStorage
    return JournalStorage(JournalFileStorage(storage_file))


def make_sampler(seed):
    return {"tpe": optuna.samplers.TPESampler, "random": optuna.samplers.RandomSampler}[sampler](seed=seed)


rows = np.loadtxt(data_file, delimiter=",", skiprows=1, dtype=np.float32)
rows = rows[:, 1:]  # the first column is their order, by which Lathe splits them
train, validation = rows[:1437], rows[1437:1617]
mean, deviation = train[:, :64].mean(0), train[:, :64].std(0) + 1e-8


def tensors(part):
    return torch.from_numpy((part[:, :64] - mean) / deviation), torch.from_numpy(part[:, 64].astype(np.int64))


train_x, train_y = tensors(train)
validation_x, validation_y = tensors(validation)


def batches():
    if kind == "people":
        data = torch.utils.data.TensorDataset(train_x, train_y)
        return torch.utils.data.DataLoader(data, batch_size=BATCH, shuffle=True)
    order = torch.randperm(len(train_x))
    return ((train_x[part], train_y[part]) for part in order.split(BATCH))


def objective(trial):
    torch.manual_seed(int(seed))
    rate = trial.suggest_float("lr", 1e-4, 1e-1, log=True)
    decay = trial.suggest_float("weight_decay", 1e-6, 1e-1, log=True)
    model = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(),
                                torch.nn.Linear(64, 10))
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
    criterion = torch.nn.CrossEntropyLoss()
    best = float("inf")
    for epoch in range(EPOCHS):
        model.train()
        for x, y in batches():
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            loss = float(criterion(model(validation_x), validation_y))
        best = min(best, loss)
        trial.report(loss, epoch + 1)
        if epoch + 1 < EPOCHS and trial.should_prune():
            raise optuna.TrialPruned()
    return best


pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3)
if what == "create":
    optuna.create_study(study_name="s", storage=storage(), direction="minimize")
elif what == "show":
    study = optuna.load_study(study_name="s", storage=storage())
    states = [trial.state for trial in study.trials]
    print(json.dumps({"best": study.best_value, "trials": len(states),
                      "pruned": sum(state == optuna.trial.TrialState.PRUNED for state in states),
                      "ended": [(trial.datetime_complete.timestamp(), trial.value) for trial in study.trials
                                if trial.state == optuna.trial.TrialState.COMPLETE]}))
else:
    study = optuna.load_study(study_name="s", storage=storage(), sampler=make_sampler(2 * int(seed) + int(what)), pruner=pruner)
    study.optimize(objective, n_trials=int(trials) // 2)
