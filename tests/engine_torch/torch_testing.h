// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/Parallel.h>
#include <torch/script.h>
#include <torch/torch.h>

// glog, which some builds of LibTorch bring, has macros of the same names.
#undef CHECK
#undef CHECK_EQ

#include "tests/support/testing.h"
