// SPDX-License-Identifier: Apache-2.0
// expect: no initialised data: core/case/thread_local_state.cpp: current_task in \.tbss
// expect: undefined symbols: needs __aeabi_read_tp
namespace baresspi {

thread_local int current_task;
int CurrentTask() {
  return current_task;
}

}  // namespace baresspi
