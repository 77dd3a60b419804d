// SPDX-License-Identifier: Apache-2.0
#include "boards/device/report.h"

#include <baresspi/authority.h>
#include <baresspi/schannel.h>

#include "boards/device/machine.h"
#include "boards/device/output.h"
#include "boards/stream/stream.h"
#include "config/baresspi_config.h"
#include "port/port.h"

namespace device {
namespace {

constexpr uint64_t kUnitsPerSecond = 10000000;
constexpr uint32_t kSecondsPerDay = 86400;
constexpr uint32_t kDaysFrom1600To1601 = 366;
constexpr uint32_t kDaysOf400Years = 146097;
constexpr uint32_t kDaysOf100Years = 36524;
constexpr uint32_t kDaysOf4Years = 1461;

struct Pools {
  const char* name;  // of a package
  const char* shown;
};
constexpr Pools kPools[] = {
    {"NTLM", "ntlm and negotiate"},
#if BARESSPI_SCHANNEL
    {"Schannel", "schannel"},
#endif
};

// The Gregorian calendar: years begin with March, so that the leap day is a year's last.
void PutDate(Line* line, uint32_t days_since_1601) {
  uint32_t days = days_since_1601 + kDaysFrom1600To1601 - 60;  // since 1600-03-01
  uint32_t year = 1600 + 400 * (days / kDaysOf400Years);
  days %= kDaysOf400Years;
  const uint32_t centuries = days / kDaysOf100Years < 3 ? days / kDaysOf100Years : 3;
  days -= centuries * kDaysOf100Years;
  year += 100 * centuries + 4 * (days / kDaysOf4Years);
  days %= kDaysOf4Years;
  const uint32_t years = days / 365 < 3 ? days / 365 : 3;
  days -= years * 365;
  year += years;
  const uint32_t month = (5 * days + 2) / 153;  // from March on; five months are 153 days
  const uint32_t day = days - (153 * month + 2) / 5 + 1;
  *line << (month < 10 ? year : year + 1) << "-";
  line->Two(month < 10 ? month + 3 : month - 9) << "-";
  line->Two(day);
}

void PutClock() {
  Line line;
  line << "clock: ";
  uint64_t filetime = 0;
  if (baresspi_port_clock(&filetime) == 0) {
    line << "not known";
  } else {
    const uint64_t seconds = filetime / kUnitsPerSecond;
    const auto days = static_cast<uint32_t>(seconds / kSecondsPerDay);
    const auto second = static_cast<uint32_t>(seconds % kSecondsPerDay);
    PutDate(&line, days);
    line << " ";
    line.Two(second / 3600) << ":";
    line.Two(second / 60 % 60) << ":";
    line.Two(second % 60) << " UTC";
  }
  line << ", " << ClockSource();
}

}  // namespace

void PutIdentity() {
  PutAddress();
  PutClock();
  Line() << "random: " << RandomSource();
  for (const Pools& pools : kPools) {
    BARESSPI_POOL_USE use = {};
    (void)BareSspiQueryPoolUse(pools.name, &use);
    Line() << "pools: " << pools.shown << ": " << use.MaxCredentials << " credentials, " << use.MaxContexts
           << " contexts";
  }
#if BARESSPI_SCHANNEL
  Line() << "arenas: " << static_cast<uint32_t>(BARESSPI_SCHANNEL_ARENA_BYTES)
         << " octets for each context of schannel";
#endif
}

int PutUse() {
  for (const Pools& pools : kPools) {
    BARESSPI_POOL_USE use = {};
    (void)BareSspiQueryPoolUse(pools.name, &use);
    Line() << "contexts of " << pools.shown << ": " << use.Contexts << " now, of " << use.MaxContexts;
    Line() << "credentials of " << pools.shown << ": " << use.Credentials << " now, of "
           << use.MaxCredentials;
  }
#if BARESSPI_SCHANNEL
  Line() << "arena: " << static_cast<uint32_t>(stream::MostArena()) << " most, of "
         << static_cast<uint32_t>(BARESSPI_SCHANNEL_ARENA_BYTES);
#endif
  PutMachineUse();
  return 0;
}

}  // namespace device
