# SPDX-License-Identifier: GPL-3.0-or-later
# The stages of .ci/run and .ci/full. Sourced. A stage fails by its exit status; the rest still runs, so that one look shows all.
# shellcheck shell=bash

names=()
seconds=()
states=()

stage() {
  local name=$1 start state
  shift
  printf '\n==== %s\n' "$name"
  start=$(date +%s)
  if ("$@"); then state=passed; else state=FAILED; fi
  names+=("$name")
  seconds+=($(($(date +%s) - start)))
  states+=("$state")
  printf '==== %s: %s in %d s\n' "$name" "$state" "${seconds[-1]}"
}

finish() {
  local i failed=0 total=0
  printf '\n%-40s %8s  %s\n' stage seconds state
  for i in "${!names[@]}"; do
    printf '%-40s %8d  %s\n' "${names[$i]}" "${seconds[$i]}" "${states[$i]}"
    total=$((total + seconds[i]))
    if [ "${states[$i]}" != passed ]; then failed=$((failed + 1)); fi
  done
  printf '%-40s %8d\n' total "$total"
  printf 'stages: %d passed, %d failed\n' $((${#names[@]} - failed)) "$failed"
  [ "$failed" -eq 0 ]
}

sources() { git ls-files -- 'app/*' 'core/*' 'ui/*' 'tests/*' | grep -E '\.(cpp|h)$'; }

stage_tests() { installer/test.sh; }

# The release build of stage_tests already printed its warnings into the log; none may be there.
stage_warnings() {
  if grep -E 'warning:' build/release.log; then
    say "the release build printed the warnings above"
    return 1
  fi
  say "no compiler warning in the release build"
}

configured() { # PRESET
  [ -f "build/$1/build.ninja" ] || cmake --preset "$1" >"build/$1-configure.log" 2>&1 || { tail -n 20 "build/$1-configure.log"; return 1; }
}

built() { # PRESET TARGET...
  local preset=$1
  shift
  configured "$preset" || return 1
  cmake --build --preset "$preset" "${@/#/--target=}" >"build/$preset-build.log" 2>&1 ||
    { grep -E -A 8 'error|FAILED' "build/$preset-build.log" | head -n 60; return 1; }
}

sanitizer_options() {
  local suppressions=$PWD/tests/support/sanitizers
  export ASAN_OPTIONS="detect_leaks=1:halt_on_error=1:strict_string_checks=1:allocator_may_return_null=1"
  export LSAN_OPTIONS="suppressions=$suppressions/lsan.txt:print_suppressions=0"
  export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
  export TSAN_OPTIONS="suppressions=$suppressions/tsan.txt:halt_on_error=1:second_deadlock_stack=1:die_after_fork=0:atexit_sleep_ms=0"
}

# sanitized PRESET FOLDER...: builds and runs test_FOLDER of each folder of tests/ that is there.
sanitized() {
  local preset=$1 folder tests=()
  shift
  for folder in "$@"; do
    if [ -d "tests/$folder" ]; then tests+=("test_$folder"); fi
  done
  sanitizer_options
  built "$preset" "${tests[@]}" && ctest --preset "$preset" -j 2 -R "^($(IFS='|'; echo "${tests[*]}"))$"
}

stage_asan_core() { sanitized asan-no-torch base spec data engine engine_fused store exporting services; }

stage_tsan() { sanitized tsan-no-torch base data engine_fused store services ui_bridge; }

stage_preset() {
  sanitizer_options
  built "$1" && ctest --preset "$1" -j 2
}

# clang-tidy on the sources that differ from the last landing (or from 4 hours ago): in the door at most 12, and what comes
# to its turn within ten minutes. .ci/full looks at all.
stage_tidy() {
  local base files
  base=$(git rev-parse --verify -q origin/main || git rev-list -1 --before='4 hours ago' HEAD || true)
  [ -n "$base" ] && [ "$base" != "$(git rev-parse HEAD)" ] || base=$(git rev-list --max-parents=0 HEAD | tail -n 1)
  mapfile -t files < <(git diff --name-only --diff-filter=d "$base" -- 'core/*.cpp' 'ui/*.cpp' 'app/*.cpp' | grep -v engine_torch | head -n 12)
  [ "${#files[@]}" -gt 0 ] || { say "no source changed"; return 0; }
  tidy 600 "${files[@]}"
}

stage_tidy_all() {
  local files
  mapfile -t files < <(git ls-files -- 'core/*.cpp' 'ui/*.cpp' 'app/*.cpp' | grep -v engine_torch)
  tidy 86400 "${files[@]}"
}

tidy() { # SECONDS FILE...
  local limit=$1 status=0 generated
  shift
  configured no-torch || return 1
  # AUTOMOC's generated files must be there.
  mapfile -t generated < <(ninja -C build/no-torch -t targets all | sed -n 's/^\([a-z_]*_autogen\): phony$/\1/p')
  # So must the messages that protoc makes.
  generated+=(lathe_tensorflow_proto lathe_serving_proto)
  if [ "${#generated[@]}" -gt 0 ]; then ninja -C build/no-torch "${generated[@]}" >/dev/null || return 1; fi
  printf '%s\n' "$@" | timeout "$limit" xargs -P 2 -n 1 -t clang-tidy -p build/no-torch --quiet --warnings-as-errors='*' \
    2>build/tidy.log >build/tidy.out || status=$?
  cat build/tidy.out
  if [ "$status" -ne 124 ]; then return "$status"; fi
  say "the time was over at file $(grep -c '^clang-tidy' build/tidy.log) of $#"
  ! grep -q 'error:' build/tidy.out
}

stage_format() { sources | xargs clang-format --dry-run --Werror; }

# interop LABEL: the tests against other people's programs; the folder says whether there are any.
interop() {
  if [ ! -d tests/interop ]; then say "no interop test yet"; return 0; fi
  ctest --preset release -L "$1" -j 1
}

stage_interop_smoke() { interop interop_smoke; }

stage_interop_all() { interop interop; }

stage_fuzz() { # SECONDS
  install_missing clang libclang-rt-dev || install_missing clang
  cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=RelWithDebInfo -DLATHE_WITH_TORCH=OFF \
    -DLATHE_WITH_UI=OFF -DLATHE_FUZZ=ON -DLATHE_SANITIZE=address,undefined,fuzzer-no-link >build/fuzz-configure.log 2>&1 || { tail -n 20 build/fuzz-configure.log; return 1; }
  cmake --build build/fuzz --target fuzzers >build/fuzz-build.log 2>&1 || { tail -n 40 build/fuzz-build.log; return 1; }
  local fuzzer
  for fuzzer in build/fuzz/bin/fuzz_*; do
    mkdir -p "build/fuzz/corpus/$(basename "$fuzzer")"
    "$fuzzer" -max_total_time="$1" -rss_limit_mb=4096 "build/fuzz/corpus/$(basename "$fuzzer")" || return 1
  done
}

stage_long_faults() { LATHE_LONG_FAULTS=1 ctest --preset release -L faults -j 1; }

stage_package() { installer/package.sh; }

stage_debian13() { installer/debian13.sh; }
