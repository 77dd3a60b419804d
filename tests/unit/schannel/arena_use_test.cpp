// SPDX-License-Identifier: Apache-2.0
// What contexts need of their arenas, that data needs nothing of it, and that nothing stays when they are
// gone.
#include <mbedtls/bignum.h>
#include <mbedtls/ssl.h>
#include <string.h>

#include <algorithm>

#include "core/schannel/context.h"
#include "core/schannel/package.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/schannel/pair.h"

namespace tls_sides {
namespace {

namespace schannel = baresspi::schannel;
namespace pki = baresspi::pki;

schannel::SchannelContext& ContextOf(Side& side) {
  return *static_cast<schannel::SchannelContext*>(schannel::kPackage.contexts->Find(
      side.context()->dwLower, side.context()->dwUpper, baresspi::Pool::Then::kNothing));
}

class TlsArenaUse : public Test {};

// One way of protecting records, that a client limits itself to.
struct Suite {
  const char* name;
  ULONG protocol;
  std::vector<const char16_t*> disabled;  // ciphers
  ULONG least, most;                      // AES' key; 0: any
};

struct SuiteSetup : ClientSetup {
  explicit SuiteSetup(const Suite& suite) {
    credentials.dwVersion = SCH_CREDENTIALS_VERSION;
    credentials.hRootStore = cred.hRootStore;
    credentials.cTlsParameters = 1;
    credentials.pTlsParameters = &parameters;
    parameters.grbitDisabledProtocols = ~suite.protocol;
    parameters.pDisabledCrypto = settings;
    for (const char16_t* name : suite.disabled) Disable(name, 0, 0);
    if (suite.most != 0) Disable(u"AES", suite.least, suite.most);
  }
  void Disable(const char16_t* name, ULONG least, ULONG most) {
    CRYPTO_SETTINGS& setting = settings[parameters.cDisabledCrypto++];
    const auto size = static_cast<USHORT>(2 * std::char_traits<char16_t>::length(name));
    setting.eAlgorithmUsage = TlsParametersCngAlgUsageCipher;
    setting.strCngAlgId = {size, size, const_cast<SEC_WCHAR*>(name)};
    setting.dwMinBitLength = least;
    setting.dwMaxBitLength = most;
  }
  CRYPTO_SETTINGS settings[4] = {};
  TLS_PARAMETERS parameters = {};
  SCH_CREDENTIALS credentials = {};
};

const Suite kSuites[] = {
    {"TLS 1.2, AES-128-GCM", SP_PROT_TLS1_2, {u"CHACHA20_POLY1305"}, 128, 128},
    {"TLS 1.2, AES-256-GCM", SP_PROT_TLS1_2, {u"CHACHA20_POLY1305"}, 256, 256},
    {"TLS 1.2, ChaCha20", SP_PROT_TLS1_2, {u"AES"}, 0, 0},
    {"TLS 1.3, AES-128-GCM", SP_PROT_TLS1_3, {u"CHACHA20_POLY1305"}, 128, 128},
    {"TLS 1.3, AES-256-GCM", SP_PROT_TLS1_3, {u"CHACHA20_POLY1305"}, 256, 256},
    {"TLS 1.3, ChaCha20", SP_PROT_TLS1_3, {u"AES"}, 0, 0},
};

TEST_F(TlsArenaUse, AThousandRecordsEachWayAllocateNothing) {
  for (const Suite& suite : kSuites) {
    SCOPED_TRACE(suite.name);
    const SuiteSetup client_setup(suite);
    const ServerSetup server_setup;
    Side client(SECPKG_CRED_OUTBOUND, &client_setup.credentials);
    Server server(server_setup);
    ASSERT_STATUS(SEC_E_OK, client.acquired());
    Establish(client, server);
    SecPkgContext_CipherInfo info = {};
    ASSERT_STATUS(SEC_E_OK, client.Query(SECPKG_ATTR_CIPHER_INFO, &info));
    EXPECT_EQ(strstr(suite.name, "AES") != nullptr, info.szCipher[0] == 'A');
    if (suite.most != 0) {
      EXPECT_EQ(suite.most, info.dwCipherLen);
    }
    const uint32_t of_client = ContextOf(client).arena.allocations();
    const uint32_t of_server = ContextOf(server).arena.allocations();
    EXPECT_GT(of_client, 10u);
    const int count = two_sides::kOnBoard ? 100 : 1000;
    Octets text(300);
    Octets record;
    for (int i = 0; i < count; ++i) {
      text.resize(static_cast<size_t>(i * 37 % 4000));
      std::fill(text.begin(), text.end(), static_cast<uint8_t>(i));
      ASSERT_STATUS(SEC_E_OK, client.Seal(text, &record));
      ASSERT_EQ(text, server.Open(record).text);
      ASSERT_STATUS(SEC_E_OK, server.Seal(text, &record));
      ASSERT_EQ(text, client.Open(record).text);
    }
    EXPECT_EQ(of_client, ContextOf(client).arena.allocations());
    EXPECT_EQ(of_server, ContextOf(server).arena.allocations());
    EXPECT_FALSE(ContextOf(client).arena.exhausted());
  }
}

// The table of README and DESIGN: --gtest_filter=TlsArenaUse.PeaksStayBelowWhatIsThere
TEST_F(TlsArenaUse, PeaksStayBelowWhatIsThere) {
  printf("%-36s %8s %8s   of %d octets, %d of them in reserve\n", "octets of the arena at most", "client",
         "server", BARESSPI_SCHANNEL_ARENA_BYTES, BARESSPI_SCHANNEL_RESERVE_BYTES);
  for (const Kind& kind : kKinds) {
    Pair pair(kind);
    pair.Establish();
    Converse(pair.client, pair.server);
    ULONG peaks[2] = {};
    ULONG size = 0;
    EXPECT_STATUS(SEC_E_OK, BareSspiTlsArenaPeak(pair.client.context(), &peaks[0], &size));
    EXPECT_STATUS(SEC_E_OK, BareSspiTlsArenaPeak(pair.server.context(), &peaks[1], &size));
    EXPECT_EQ(ULONG{BARESSPI_SCHANNEL_ARENA_BYTES}, size);
    for (const ULONG peak : peaks) {
      EXPECT_GT(peak, ULONG{MBEDTLS_SSL_IN_CONTENT_LEN + MBEDTLS_SSL_OUT_CONTENT_LEN});
      EXPECT_LE(peak, size - BARESSPI_SCHANNEL_RESERVE_BYTES);
    }
    printf("%-36s %8lu %8lu\n", kind.name, static_cast<unsigned long>(peaks[0]),
           static_cast<unsigned long>(peaks[1]));
  }
}

// ---- What is left behind. ----
class TlsWiped : public Test {};

// Where a context was. Its slot's first octets are the pool's own.
struct Remains {
  explicit Remains(Side& side)
      : context(ContextOf(side)),
        octets(reinterpret_cast<const uint8_t*>(&context)),
        arena(schannel::ArenaMemory(context)) {}
  bool arena_is_empty() const {
    return std::all_of(arena.data(), arena.data() + arena.size(), [](uint8_t octet) { return octet == 0; });
  }
  bool slot_is_empty(size_t from) const {
    return std::all_of(octets + from, octets + sizeof context, [](uint8_t octet) { return octet == 0; });
  }
  bool has(const Octets& text) const {
    return Has(arena.data(), arena.size(), text) || Has(octets, sizeof context, text);
  }
  static bool Has(const uint8_t* from, size_t size, const Octets& text) {
    return std::search(from, from + size, text.begin(), text.end()) != from + size;
  }

  const schannel::SchannelContext& context;
  const uint8_t* octets;
  baresspi::MutableBytes arena;
};

struct Secrets {
  std::vector<Octets> list;
};
void Export(void* secrets, mbedtls_ssl_key_export_type, const unsigned char* secret, size_t size,
            const unsigned char[32], const unsigned char[32], mbedtls_tls_prf_types) {
  static_cast<Secrets*>(secrets)->list.emplace_back(secret, secret + size);
}

const Octets kPlain = {'t', 'o', 'p', '-', 's', 'e', 'c', 'r', 'e', 't', '-', '4', '7', '1', '1'};

// A connection whose secrets are known, as far as mbed TLS tells them.
struct Known : Pair {
  explicit Known(const Kind& kind, ULONG flags) : Pair(kind, flags) {
    Octets token = client.Step({}, client_call).token;
    mbedtls_ssl_set_export_keys_cb(&ContextOf(client).ssl, Export, &secrets);
    token = server.Step(token, server_call).token;
    const Result mine = client.Step(token, client_call);
    const Result its = server.Step(mine.token, server_call);
    EXPECT_STATUS(SEC_E_OK, its.status);
    if (mine.status != SEC_E_OK) {
      EXPECT_STATUS(SEC_E_OK, client.Step(its.token, client_call).status);
    } else if (!its.token.empty()) {
      FeedBack(client, its.token);
    }
    Octets record;
    EXPECT_STATUS(SEC_E_OK, client.Seal(kPlain, &record));
    EXPECT_EQ(kPlain, server.Open(record).text);
    EXPECT_STATUS(SEC_E_OK, server.Seal(kPlain, &record));
    EXPECT_EQ(kPlain, client.Open(record).text);
  }

  Secrets secrets;
};

TEST_F(TlsWiped, ADeletedContextLeavesNothing) {
  for (const Kind& kind : kKinds) {
    if (kind.rsa && two_sides::kOnBoard) continue;
    SCOPED_TRACE(kind.name);
    Known known(kind, SCH_CRED_DISABLE_RECONNECTS);
    const Remains client(known.client);
    const Remains server(known.server);
    ASSERT_FALSE(known.secrets.list.empty());
    EXPECT_TRUE(client.has(known.secrets.list.back())) << "else this test looks for the wrong thing";
    EXPECT_TRUE(server.has(known.secrets.list.back()));
    known.DeleteContexts();
    EXPECT_TRUE(client.arena_is_empty());
    EXPECT_TRUE(server.arena_is_empty());
    EXPECT_TRUE(client.slot_is_empty(sizeof(baresspi::Slot)));
    EXPECT_TRUE(server.slot_is_empty(sizeof(baresspi::Slot)));
  }
}

TEST_F(TlsWiped, ABrokenContextLeavesNothing) {
  for (const Kind& kind : kKinds) {
    if (kind.rsa && two_sides::kOnBoard) continue;
    SCOPED_TRACE(kind.name);
    {
      Known known(kind, SCH_CRED_DISABLE_RECONNECTS);
      const Remains client(known.client);
      const Remains server(known.server);
      EXPECT_LT(known.client.Open(Octets(40, 0x17)).status, 0);
      EXPECT_LT(known.server.Open({0x17, 3, 3, 0, 2, 1, 1}).status, 0);
      EXPECT_TRUE(client.arena_is_empty());
      EXPECT_TRUE(server.arena_is_empty());
      EXPECT_TRUE(client.slot_is_empty(sizeof(baresspi::Context)));
      EXPECT_TRUE(server.slot_is_empty(sizeof(baresspi::Context)));
    }
    // In the handshake's middle.
    Pair pair(kind);
    const Octets hello = pair.client.Step({}, pair.client_call).token;
    Octets flight = pair.server.Step(hello, pair.server_call).token;
    const Remains client(pair.client);
    EXPECT_FALSE(client.arena_is_empty());
    flight[flight.size() / 2] ^= 1;
    EXPECT_LT(pair.client.Step(flight, pair.client_call).status, 0);
    EXPECT_TRUE(client.arena_is_empty());
    EXPECT_TRUE(client.slot_is_empty(sizeof(baresspi::Context)));
  }
}

#if defined(__linux__)
extern "C" char __bss_start[];
extern "C" char _end[];

// In all that is static of this program. AddressSanitizer would not like that.
__attribute__((no_sanitize("address"))) size_t TimesInStaticMemory(const Octets& text) {
  size_t count = 0;
  for (const char* at = __bss_start; at + text.size() <= _end; ++at) {
    size_t i = 0;
    while (i < text.size() && static_cast<uint8_t>(at[i]) == text.data()[i]) ++i;
    if (i == text.size()) ++count;
  }
  return count;
}

TEST_F(TlsWiped, WithContextsAndCredentialsGoneNoSecretIsAnywhere) {
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(kind.name);
    std::vector<Octets> secrets;
    {
      Known known(kind, 0);
      secrets = known.secrets.list;
      EXPECT_GT(TimesInStaticMemory(secrets.back()), 0u);
      known.DeleteContexts();
      EXPECT_EQ(0u, TimesInStaticMemory(kPlain));
    }
    for (const Octets& secret : secrets) EXPECT_EQ(0u, TimesInStaticMemory(secret)) << secret.size();
    EXPECT_EQ(0u, TimesInStaticMemory(kPlain));
  }
}

TEST_F(TlsWiped, NoPrivateKeyStays) {
  // The scalar of kServerKey (SEC 1: SEQUENCE, INTEGER 1, OCTET STRING of 32 octets), as mbed TLS keeps it.
  Octets scalar(pki::kServerKey.data + 7, pki::kServerKey.data + 7 + 32);
  std::reverse(scalar.begin(), scalar.end());  // limb by limb, the lowest first
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  constexpr ptrdiff_t kLimb = sizeof(mbedtls_mpi_uint);
  for (auto limb = scalar.begin(); limb != scalar.end(); limb += kLimb) std::reverse(limb, limb + kLimb);
#endif
  {
    Pair pair(kTls13);
    EXPECT_EQ(0u, TimesInStaticMemory(scalar)) << "the credential was tried, and has let go";
    pair.Establish();
    EXPECT_EQ(1u, TimesInStaticMemory(scalar));
    pair.DeleteContexts();
    EXPECT_EQ(0u, TimesInStaticMemory(scalar));
  }
}
#endif

}  // namespace
}  // namespace tls_sides
