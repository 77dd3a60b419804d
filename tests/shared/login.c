/* SPDX-License-Identifier: Apache-2.0 */
/* A program that knows BareSSPI only by its headers and by the path of its library: it loads it, takes the
 * tables, and logs a client in at a server through them, by the A table, by the W table and by one of each.
 */
#include <baresspi/authority.h>
#include <baresspi/sspi.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define ROOM 4096
#define MOST_LEGS 10

static int passed, failed;

static void check(const char* name, int good, SECURITY_STATUS status) {
  if (good) {
    ++passed;
    printf("ok    shared: %s\n", name);
  } else {
    ++failed;
    printf("FAIL  shared: %s: status 0x%08lx\n", name, (unsigned long)(uint32_t)status);
  }
}

/* Windows' code has the function's type say that it is one; ISO C has no cast from an object's address. */
static void find(void* library, const char* name, void* function, size_t size) {
  void* const address = dlsym(library, name);
  if (address == NULL) fprintf(stderr, "no %s: %s\n", name, dlerror());
  memcpy(function, &address, size);
}

static PSecurityFunctionTableA table_a;
static PSecurityFunctionTableW table_w;
static SECURITY_STATUS (*nt_hash)(const char*, ULONG, uint8_t[16]);
static SECURITY_STATUS (*table_get_nt_hash)(const void*, const BARESSPI_NAME*, const BARESSPI_NAME*,
                                            uint8_t[16], BARESSPI_ACCOUNT*);
static SECURITY_STATUS (*query_token)(void*, BARESSPI_TOKEN_INFO*);
static void (*set_device)(const BARESSPI_DEVICE*);

static uint8_t account_hash[16];
static const BARESSPI_ACCOUNT_ENTRY account = {"EXAMPLE", "alice", account_hash, 42};
static const BARESSPI_ACCOUNT_TABLE accounts = {&account, 1};
static BARESSPI_AUTHORITY authority = {&accounts, NULL, NULL, NULL};
static BARESSPI_DEVICE device = {BARESSPI_DEVICE_VERSION,
                                 sizeof(BARESSPI_DEVICE),
                                 "HOST",
                                 "EXAMPLE",
                                 "host",
                                 NULL,
                                 NULL,
                                 0,
                                 &authority,
                                 NULL};

static int load(const char* path) {
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  INIT_SECURITY_INTERFACE_A init_a;
  INIT_SECURITY_INTERFACE_W init_w;
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 0;
  }
  find(library, SECURITY_ENTRYPOINT_ANSIA, &init_a, sizeof init_a);
  find(library, SECURITY_ENTRYPOINT_ANSIW, &init_w, sizeof init_w);
  find(library, "BareSspiNtHash", &nt_hash, sizeof nt_hash);
  find(library, "BareSspiAccountTableGetNtHash", &table_get_nt_hash, sizeof table_get_nt_hash);
  find(library, "BareSspiQueryTokenInformation", &query_token, sizeof query_token);
  find(library, "baresspi_posix_set_device", &set_device, sizeof set_device);
  if (init_a == NULL || init_w == NULL || nt_hash == NULL || table_get_nt_hash == NULL ||
      query_token == NULL || set_device == NULL)
    return 0;
  table_a = init_a();
  table_w = init_w();
  return 1;
}

struct side {
  CredHandle credential;
  CtxtHandle context;
  int has_context;
};

static SECURITY_STATUS acquire(struct side* client, struct side* server, int wide, const char* package,
                               const SEC_WCHAR* package_w, const char* password) {
  SEC_WINNT_AUTH_IDENTITY_A identity = {0};
  SECURITY_STATUS status;
  identity.User = (unsigned char*)"alice";
  identity.UserLength = 5;
  identity.Domain = (unsigned char*)"EXAMPLE";
  identity.DomainLength = 7;
  identity.Password = (unsigned char*)password;
  identity.PasswordLength = (ULONG)strlen(password);
  identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
  client->has_context = server->has_context = 0;
  /* The server's accounts come from the port, as a program that set them once would have it. */
  if (wide) {
    status = table_w->AcquireCredentialsHandleW(NULL, package_w, SECPKG_CRED_OUTBOUND, NULL, &identity, NULL,
                                                NULL, &client->credential, NULL);
    if (status != SEC_E_OK) return status;
    return table_w->AcquireCredentialsHandleW(NULL, package_w, SECPKG_CRED_INBOUND, NULL, NULL, NULL, NULL,
                                              &server->credential, NULL);
  }
  status = table_a->AcquireCredentialsHandleA(NULL, package, SECPKG_CRED_OUTBOUND, NULL, &identity, NULL,
                                              NULL, &client->credential, NULL);
  if (status != SEC_E_OK) return status;
  return table_a->AcquireCredentialsHandleA(NULL, package, SECPKG_CRED_INBOUND, NULL, NULL, NULL, NULL,
                                            &server->credential, NULL);
}

static SECURITY_STATUS step(struct side* side, int is_client, int wide, SecBuffer* in, SecBuffer* out) {
  static const SEC_WCHAR target_w[] = {'H', 'T', 'T', 'P', '/', 'h', 0};
  SecBufferDesc input = {SECBUFFER_VERSION, 1, in};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, out};
  PCtxtHandle const context = side->has_context ? &side->context : NULL;
  PSecBufferDesc const given = in->cbBuffer != 0 ? &input : NULL;
  const ULONG wish = ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY;
  SECURITY_STATUS status;
  ULONG attributes;
  out->cbBuffer = ROOM;
  if (!is_client) {
    status = (wide ? table_w->AcceptSecurityContext : table_a->AcceptSecurityContext)(
        &side->credential, context, given, 0, SECURITY_NATIVE_DREP, &side->context, &output, &attributes,
        NULL);
  } else if (wide) {
    status = table_w->InitializeSecurityContextW(&side->credential, context, target_w, wish, 0,
                                                 SECURITY_NATIVE_DREP, given, 0, &side->context, &output,
                                                 &attributes, NULL);
  } else {
    status = table_a->InitializeSecurityContextA(&side->credential, context, "HTTP/h", wish, 0,
                                                 SECURITY_NATIVE_DREP, given, 0, &side->context, &output,
                                                 &attributes, NULL);
  }
  if (SEC_SUCCESS(status)) side->has_context = 1;
  return status;
}

/* SEC_E_OK, or the first error of either side. */
static SECURITY_STATUS handshake(struct side* client, struct side* server, int wide) {
  unsigned char rooms[2][ROOM];
  SecBuffer tokens[2] = {{0, SECBUFFER_TOKEN, NULL}, {0, SECBUFFER_TOKEN, NULL}};
  SECURITY_STATUS statuses[2] = {SEC_I_CONTINUE_NEEDED, SEC_I_CONTINUE_NEEDED};
  int leg;
  tokens[0].pvBuffer = rooms[0];
  tokens[1].pvBuffer = rooms[1];
  for (leg = 0; leg < MOST_LEGS; ++leg) {
    const int turn = leg % 2; /* 0: the client's */
    statuses[turn] = step(turn == 0 ? client : server, turn == 0, wide, &tokens[1 - turn], &tokens[turn]);
    if (!SEC_SUCCESS(statuses[turn])) return statuses[turn];
    if (statuses[0] == SEC_E_OK && statuses[1] == SEC_E_OK) return SEC_E_OK;
  }
  return SEC_E_INTERNAL_ERROR;
}

/* What the client seals the server reads. */
static SECURITY_STATUS message(struct side* client, struct side* server) {
  char text[] = "to be or not to be";
  unsigned char signature[64];
  SecBuffer parts[2];
  SecBufferDesc whole = {SECBUFFER_VERSION, 2, NULL};
  SecPkgContext_Sizes sizes;
  SECURITY_STATUS status = table_a->QueryContextAttributesA(&client->context, SECPKG_ATTR_SIZES, &sizes);
  if (status != SEC_E_OK) return status;
  parts[0].cbBuffer = sizes.cbSecurityTrailer;
  parts[0].BufferType = SECBUFFER_TOKEN;
  parts[0].pvBuffer = signature;
  parts[1].cbBuffer = sizeof text;
  parts[1].BufferType = SECBUFFER_DATA;
  parts[1].pvBuffer = text;
  whole.pBuffers = parts;
  status = table_a->EncryptMessage(&client->context, 0, &whole, 0);
  if (status != SEC_E_OK) return status;
  if (memcmp(text, "to be", 5) == 0) return SEC_E_ENCRYPT_FAILURE;
  status = table_w->DecryptMessage(&server->context, &whole, 0, NULL);
  if (status != SEC_E_OK) return status;
  return strcmp(text, "to be or not to be") == 0 ? SEC_E_OK : SEC_E_DECRYPT_FAILURE;
}

static SECURITY_STATUS whose(struct side* server) {
  BARESSPI_TOKEN_INFO info;
  void* token = NULL;
  SECURITY_STATUS status = table_a->QuerySecurityContextToken(&server->context, &token);
  if (status != SEC_E_OK) return status;
  status = query_token(token, &info);
  if (status != SEC_E_OK) return status;
  return info.UserId == 42 && info.User.cbUtf16le == 10 && memcmp(info.User.Utf16le, "a\0l\0i\0c\0e", 10) == 0
             ? SEC_E_OK
             : SEC_E_UNKNOWN_CREDENTIALS;
}

static void end(struct side* side) {
  if (side->has_context) (void)table_a->DeleteSecurityContext(&side->context);
  (void)table_a->FreeCredentialsHandle(&side->credential);
}

static void login(const char* name, int wide, const char* package, const SEC_WCHAR* package_w) {
  struct side client, server;
  char label[100];
  SECURITY_STATUS status = acquire(&client, &server, wide, package, package_w, "Passw0rd!");
  if (status == SEC_E_OK) status = handshake(&client, &server, wide);
  (void)snprintf(label, sizeof label, "%s: login", name);
  check(label, status == SEC_E_OK, status);
  if (status != SEC_E_OK) return;
  status = message(&client, &server);
  (void)snprintf(label, sizeof label, "%s: a sealed message", name);
  check(label, status == SEC_E_OK, status);
  status = whose(&server);
  (void)snprintf(label, sizeof label, "%s: the token is the account's", name);
  check(label, status == SEC_E_OK, status);
  end(&client);
  end(&server);

  status = acquire(&client, &server, wide, package, package_w, "wrong");
  if (status == SEC_E_OK) status = handshake(&client, &server, wide);
  (void)snprintf(label, sizeof label, "%s: a wrong password is refused", name);
  check(label, status == SEC_E_LOGON_DENIED, status);
  end(&client);
  end(&server);
}

/* More than a device has: a desktop program may hold hundreds of connections. */
static void many_contexts(void) {
  enum { MANY = 200 };
  static unsigned char room[ROOM];
  static CtxtHandle contexts[MANY];
  struct side client, server;
  SecBuffer token = {0, SECBUFFER_TOKEN, NULL};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, NULL};
  ULONG attributes;
  int made = 0;
  SECURITY_STATUS status = acquire(&client, &server, 0, NTLMSP_NAME_A, NULL, "Passw0rd!");
  token.pvBuffer = room;
  output.pBuffers = &token;
  for (; status >= 0 && made < MANY; ++made) {
    token.cbBuffer = ROOM;
    status = table_a->InitializeSecurityContextA(&client.credential, NULL, NULL, 0, 0, SECURITY_NATIVE_DREP,
                                                 NULL, 0, &contexts[made], &output, &attributes, NULL);
  }
  check("200 contexts at a time", status >= 0 && made == MANY, status);
  while (made > 0) (void)table_a->DeleteSecurityContext(&contexts[--made]);
  end(&client);
  end(&server);
}

/* Logins of its own, in a thread; the result is its first error. */
static void* logins(void* result) {
  static const SEC_WCHAR negotiate_w[] = {'N', 'e', 'g', 'o', 't', 'i', 'a', 't', 'e', 0};
  SECURITY_STATUS* const status = (SECURITY_STATUS*)result;
  int i;
  for (i = 0; i < 100 && *status == SEC_E_OK; ++i) {
    struct side client, server;
    *status = acquire(&client, &server, i % 2, NEGOSSP_NAME_A, negotiate_w, "Passw0rd!");
    if (*status == SEC_E_OK) *status = handshake(&client, &server, i % 2);
    if (*status == SEC_E_OK) *status = message(&client, &server);
    if (*status == SEC_E_OK) *status = whose(&server);
    end(&client);
    end(&server);
  }
  return NULL;
}

static void threads(void) {
  enum { THREADS = 4 };
  pthread_t ids[THREADS];
  SECURITY_STATUS statuses[THREADS] = {SEC_E_OK};
  SECURITY_STATUS worst = SEC_E_OK;
  int i;
  for (i = 0; i < THREADS; ++i) {
    if (pthread_create(&ids[i], NULL, logins, &statuses[i]) != 0) {
      check("a thread begins", 0, SEC_E_OK);
      return;
    }
  }
  for (i = 0; i < THREADS; ++i) {
    (void)pthread_join(ids[i], NULL);
    if (statuses[i] != SEC_E_OK) worst = statuses[i];
  }
  check("100 logins in each of 4 threads", worst == SEC_E_OK, worst);
}

int main(int argc, char** argv) {
  static const SEC_WCHAR ntlm_w[] = {'N', 'T', 'L', 'M', 0};
  static const SEC_WCHAR negotiate_w[] = {'N', 'e', 'g', 'o', 't', 'i', 'a', 't', 'e', 0};
  if (argc != 2) {
    fprintf(stderr, "usage: shared_login LIBRARY\n");
    return 2;
  }
  if (!load(argv[1])) return 1;
  check("both tables are whole",
        table_a->dwVersion == SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_5 &&
            table_w->dwVersion == SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_5,
        SEC_E_OK);
  authority.GetNtHash = table_get_nt_hash;
  set_device(&device);
  check("the hash of a password", nt_hash("Passw0rd!", 9, account_hash) == SEC_E_OK, SEC_E_OK);
  login("NTLM, A", 0, NTLMSP_NAME_A, ntlm_w);
  login("NTLM, W", 1, NTLMSP_NAME_A, ntlm_w);
  login("Negotiate, A", 0, NEGOSSP_NAME_A, negotiate_w);
  login("Negotiate, W", 1, NEGOSSP_NAME_A, negotiate_w);
  many_contexts();
  threads();
  printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
