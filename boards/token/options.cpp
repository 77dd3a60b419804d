// SPDX-License-Identifier: Apache-2.0
#include "boards/token/options.h"

#include <baresspi/authority.h>

namespace token {
namespace {

struct FlagName {
  const char* name;
  ULONG client;
  ULONG server;
};

// A name that means nothing to one side has 0 there and is refused there.
constexpr FlagName kFlags[] = {
    {"mutual", ISC_REQ_MUTUAL_AUTH, ASC_REQ_MUTUAL_AUTH},
    {"replay", ISC_REQ_REPLAY_DETECT, ASC_REQ_REPLAY_DETECT},
    {"sequence", ISC_REQ_SEQUENCE_DETECT, ASC_REQ_SEQUENCE_DETECT},
    {"conf", ISC_REQ_CONFIDENTIALITY, ASC_REQ_CONFIDENTIALITY},
    {"integ", ISC_REQ_INTEGRITY, ASC_REQ_INTEGRITY},
    {"deleg", ISC_REQ_DELEGATE, ASC_REQ_DELEGATE},
    {"dce", ISC_REQ_USE_DCE_STYLE, ASC_REQ_USE_DCE_STYLE},
    {"identify", ISC_REQ_IDENTIFY, ASC_REQ_IDENTIFY},
    {"anon", ISC_REQ_NULL_SESSION, ASC_REQ_ALLOW_NULL_SESSION},
    {"datagram", ISC_REQ_DATAGRAM, ASC_REQ_DATAGRAM},
    {"connection", ISC_REQ_CONNECTION, ASC_REQ_CONNECTION},
    {"extended", ISC_REQ_EXTENDED_ERROR, ASC_REQ_EXTENDED_ERROR},
    {"allow-missing-bindings", 0, ASC_REQ_ALLOW_MISSING_BINDINGS},
};

constexpr FlagName kPolicies[] = {
    {"no-mic", BARESSPI_POLICY_NO_MIC, 0},
    {"weak", BARESSPI_POLICY_ALLOW_WEAK_KEYS, BARESSPI_POLICY_ALLOW_WEAK_KEYS},
    {"no-target-info", BARESSPI_POLICY_ALLOW_NO_TARGET_INFO, 0},
    {"anonymous", 0, BARESSPI_POLICY_ALLOW_ANONYMOUS},
    {"unverified-spn", BARESSPI_POLICY_UNVERIFIED_SPN, 0},
    {"require-mic", 0, BARESSPI_POLICY_REQUIRE_MIC},
};

constexpr size_t kNtHashSize = 16;

// a,b,.. over a table of names; "none" is the empty list.
template <size_t N>
bool ParseList(const FlagName (&table)[N], bool client, char* list, ULONG* out) {
  *out = 0;
  if (Equal(list, "none")) return true;
  for (bool last = false; !last;) {
    char* const name = list;
    while (*list != 0 && *list != ',') ++list;
    last = *list == 0;
    *list++ = 0;
    ULONG found = 0;
    for (const FlagName& entry : table) {
      if (Equal(entry.name, name)) found = client ? entry.client : entry.server;
    }
    if (found == 0) return false;
    *out |= found;
  }
  return true;
}

bool ParseOption(const char* name, char* value, Options* options) {
  struct Text {
    const char* name;
    const char** out;
  };
  const Text texts[] = {
      {"--user", &options->user},
      {"--domain", &options->domain},
      {"--password", &options->password},
      {"--target", &options->target},
      {"--workstation", &options->workstation},
  };
  for (const Text& text : texts) {
    if (!Equal(text.name, name)) continue;
    *text.out = value;
    return true;
  }
  if (Equal(name, "--nthash"))
    return DecodeHex(value, &options->nt_hash) && options->nt_hash.size == kNtHashSize;
  if (Equal(name, "--cb")) {
    options->has_bindings = true;
    return DecodeHex(value, &options->bindings) && options->bindings.size <= BARESSPI_TOKEN_BINDINGS;
  }
  if (Equal(name, "--flags")) return ParseList(kFlags, options->client, value, &options->request);
  if (Equal(name, "--policy")) return ParseList(kPolicies, options->client, value, &options->policy);
  return false;
}

}  // namespace

const char kUsage[] =
    "usage: baresspi-token client|server PACKAGE [--user U] [--domain D] [--password P | --nthash HEX]\n"
    "  [--target SPN] [--workstation NAME] [--cb HEX] [--flags a,b,..] [--policy a,b,..]\n"
    "  flags: mutual,replay,sequence,conf,integ,deleg,dce,identify,anon,datagram,connection,extended,\n"
    "    allow-missing-bindings (server), none; a client's default is mutual,replay,sequence,conf,integ\n"
    "  policy: no-mic,no-target-info,unverified-spn (client), weak, anonymous,require-mic (server), none\n";

bool ParseOptions(int count, char** arguments, Options* options) {
  if (count < 3) return false;
  options->client = Equal(arguments[1], "client");
  if (!options->client && !Equal(arguments[1], "server")) return false;
  options->package = arguments[2];
  if (options->client) {
    options->request = ISC_REQ_MUTUAL_AUTH | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT |
                       ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY;
  }
  for (int i = 3; i < count; i += 2) {
    if (i + 1 == count || !ParseOption(arguments[i], arguments[i + 1], options)) return false;
  }
  return options->nt_hash.size == 0 || options->password == nullptr;
}

}  // namespace token
