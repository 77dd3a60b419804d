/* SPDX-License-Identifier: Apache-2.0 */
/* What the firmware tells BareSSPI about the device: its names, its own account, who vouches for callers, and
 * its policy; and what BareSSPI tells the firmware about a caller it has let in (the token).
 *
 * Everything here that a pointer leads to is the firmware's: const, in flash if it likes, and valid for as
 * long as a credential that was acquired with it exists. BareSSPI never writes to it and never frees it. */
#ifndef BARESSPI_AUTHORITY_H
#define BARESSPI_AUTHORITY_H

#include <baresspi/sspi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Policy: what a credential allows or demands. BARESSPI_DEVICE.Policy is the default of every credential
 * acquired; SetCredentialsAttributes(BARESSPI_CRED_ATTR_POLICY) changes it for one. 0 is the safe choice for
 * each bit. ---- */
#define BARESSPI_POLICY_NO_MIC 0x00000001u /* client: sends no MIC though the server has a timestamp */
#define BARESSPI_POLICY_ALLOW_WEAK_KEYS 0x00000002u /* both: 56 and 40 bit keys are accepted */
#define BARESSPI_POLICY_ALLOW_NO_TARGET_INFO \
  0x00000004u                                       /* client: a CHALLENGE without TargetInfo is accepted */
#define BARESSPI_POLICY_ALLOW_ANONYMOUS 0x00000008u /* server: anonymous logon is accepted */
#define BARESSPI_POLICY_UNVERIFIED_SPN 0x00000010u  /* client: MsvAvFlags says that the SPN is unverified */
#define BARESSPI_POLICY_REQUIRE_MIC 0x00000020u     /* server: an AUTHENTICATE without a MIC is refused */

/* SetCredentialsAttributes / QueryCredentialsAttributes: pBuffer is a BARESSPI_POLICY. */
#define BARESSPI_CRED_ATTR_POLICY 0x42530001u
typedef struct _BARESSPI_POLICY {
  ULONG Flags; /* BARESSPI_POLICY_* */
} BARESSPI_POLICY;

/* SEC_WINNT_AUTH_IDENTITY*.Flags: Password points to the 16 octets of the NT hash (MD4 of the password in
 * UTF-16LE, [MS-NLMP] 3.3.1), PasswordLength is 16. */
#define BARESSPI_AUTH_IDENTITY_NT_HASH 0x01000000u

/* A name as it stands in a message: UTF-16LE octets, at any alignment, no terminator. Valid during the call
 * only, where nothing else is said. */
typedef struct _BARESSPI_NAME {
  const uint8_t* Utf16le;
  ULONG cbUtf16le; /* octets, even */
} BARESSPI_NAME;

/* What an authority answers about the account. Zeroed by BareSSPI before the call; may be left so. */
typedef struct _BARESSPI_ACCOUNT {
  ULONG UserId; /* the firmware's own number for the account; handed on in BARESSPI_TOKEN_INFO */
} BARESSPI_ACCOUNT;

/* A logon to be validated elsewhere: what NetrLogonSamLogonEx wants ([MS-NRPC] 2.2.1.4.5
 * NETLOGON_NETWORK_INFO). */
typedef struct _BARESSPI_LOGON {
  BARESSPI_NAME Domain;      /* as in the message; may be empty */
  BARESSPI_NAME User;        /* as in the message; may be user@realm */
  BARESSPI_NAME Workstation; /* as in the message; may be empty */
  uint8_t ServerChallenge[8];
  const uint8_t* NtResponse; /* NTLMv2_RESPONSE, [MS-NLMP] 2.2.2.8 */
  ULONG cbNtResponse;
  /* There is no LM response: it covers neither MIC nor channel bindings nor SPN, so a caller must not get in
   * by it. A NETLOGON_NETWORK_INFO made of this has an empty LmChallengeResponse. */
} BARESSPI_LOGON;

/* Who vouches for a caller. Give GetNtHash (an account store on the device) or ValidateResponse (a domain
 * controller behind it); with both, ValidateResponse is asked. Called from AcceptSecurityContext, on the
 * caller's task, with no lock held; it may take as long as it likes and must not call BareSSPI for the same
 * context.
 *
 * Returns SEC_E_OK; SEC_E_LOGON_DENIED (no such account, a disabled one, or the response is wrong);
 * SEC_E_NO_AUTHENTICATING_AUTHORITY (cannot be reached). Any other status is taken for SEC_E_LOGON_DENIED. */
typedef struct _BARESSPI_AUTHORITY {
  const void* Context; /* handed to the functions as it is */
  /* Writes the account's NT hash (16 octets) to NtHash; BareSSPI wipes it after use. On any status but
   * SEC_E_OK NtHash is not read: the caller is refused after the same work as with a wrong password. */
  SECURITY_STATUS(*GetNtHash)
  (const void* Context, const BARESSPI_NAME* Domain, const BARESSPI_NAME* User, uint8_t NtHash[16],
   BARESSPI_ACCOUNT* Account);
  /* Validates the response and writes the SessionBaseKey ([MS-NLMP] 3.3.2), 16 octets. */
  SECURITY_STATUS(*ValidateResponse)
  (const void* Context, const BARESSPI_LOGON* Logon, uint8_t SessionBaseKey[16], BARESSPI_ACCOUNT* Account);
  /* TLS, of baresspi_port_device()'s authority: says which account a client's certificate stands for. The
   * certificate (DER, cbCertificate octets)
   * was verified against the credential's trust anchors. Domain and User are for the function to fill, with
   * names that stay where they are while the credential exists; they are empty before. NULL, or any status
   * but SEC_E_OK (say so with SEC_E_LOGON_DENIED): the context is established all the same, but has no token,
   * and QuerySecurityContextToken answers SEC_E_NO_IMPERSONATION. */
  SECURITY_STATUS(*MapCertificate)
  (const void* Context, const uint8_t* Certificate, ULONG cbCertificate, BARESSPI_NAME* Domain,
   BARESSPI_NAME* User, BARESSPI_ACCOUNT* Account);
} BARESSPI_AUTHORITY;

/* ---- An authority that is ready to use: a table of accounts, in flash if you like. ---- */
typedef struct _BARESSPI_ACCOUNT_ENTRY {
  const char* Domain;    /* UTF-8; NULL: whatever domain the caller gives */
  const char* User;      /* UTF-8 */
  const uint8_t* NtHash; /* 16 octets; BareSspiNtHash makes them */
  ULONG UserId;
} BARESSPI_ACCOUNT_ENTRY;

typedef struct _BARESSPI_ACCOUNT_TABLE {
  const BARESSPI_ACCOUNT_ENTRY* Entries;
  ULONG Count;
} BARESSPI_ACCOUNT_TABLE;

/* BARESSPI_AUTHORITY.GetNtHash for a BARESSPI_ACCOUNT_TABLE as Context. User names and domains compare
 * without regard to case; an empty domain in the message matches every entry; user@realm matches an entry
 * whose User is `user` and whose Domain is NULL or `realm`, and an entry whose User is `user@realm` itself.
 * The first matching entry counts. Returns SEC_E_OK or SEC_E_LOGON_DENIED. */
SECURITY_STATUS BareSspiAccountTableGetNtHash(const void* Context, const BARESSPI_NAME* Domain,
                                              const BARESSPI_NAME* User, uint8_t NtHash[16],
                                              BARESSPI_ACCOUNT* Account);

/* The NT hash of a password ([MS-NLMP] 3.3.1 NTOWFv1): MD4 of its UTF-16LE form. Password: UTF-8, cbPassword
 * octets. Returns SEC_E_OK, or SEC_E_INVALID_PARAMETER when it is not UTF-8. */
SECURITY_STATUS BareSspiNtHash(const char* Password, ULONG cbPassword, uint8_t NtHash[16]);

/* ---- The device. ---- */
#define BARESSPI_DEVICE_VERSION 0x44535242u /* no SEC_WINNT_AUTH_IDENTITY begins with it */

/* Where it comes from: AcquireCredentialsHandle(INBOUND)'s pAuthData, or, when that is NULL,
 * baresspi_port_device(). OUTBOUND credentials with pAuthData NULL use Identity; all use Policy and the names
 * of baresspi_port_device(). */
typedef struct _BARESSPI_DEVICE {
  ULONG Version; /* BARESSPI_DEVICE_VERSION */
  ULONG Length;  /* sizeof(BARESSPI_DEVICE) */
  /* UTF-8, zero-terminated; NULL or "" where the device has none. They go into the CHALLENGE
   * ([MS-NLMP] 2.2.2.1), and NetBiosComputerName is the client's Workstation. */
  const char* NetBiosComputerName; /* up to 15 characters */
  const char* NetBiosDomainName;   /* NULL: the device is its own domain (TARGET_TYPE_SERVER) */
  const char* DnsComputerName;
  const char* DnsDomainName;
  const char* DnsTreeName;
  ULONG Policy; /* BARESSPI_POLICY_* */
  const BARESSPI_AUTHORITY*
      Authority;        /* NULL: INBOUND logons are refused with SEC_E_NO_AUTHENTICATING_AUTHORITY */
  const void* Identity; /* SEC_WINNT_AUTH_IDENTITY_* of the device itself, or NULL: SEC_E_NO_CREDENTIALS */
} BARESSPI_DEVICE;

/* ---- The token: who a context acts for. ---- */
#define BARESSPI_TOKEN_ANONYMOUS 0x00000001u
#define BARESSPI_TOKEN_IDENTIFY_ONLY \
  0x00000002u /* the caller set ISC_REQ_IDENTIFY: check, but do not act for it */

typedef struct _BARESSPI_TOKEN_INFO {
  BARESSPI_NAME Domain; /* valid until the context is deleted */
  BARESSPI_NAME User;
  ULONG TokenFlags; /* BARESSPI_TOKEN_* */
  ULONG UserId;     /* as the authority said */
} BARESSPI_TOKEN_INFO;

/* What QuerySecurityContextToken's handle stands for, or baresspi_port_task_token()'s. A token lives in its
 * context: it needs no closing, and once the context is deleted the handle is stale. Returns SEC_E_OK;
 * SEC_E_INVALID_HANDLE (NULL, stale, forged: treat the caller as nobody). */
SECURITY_STATUS BareSspiQueryTokenInformation(void* Token, BARESSPI_TOKEN_INFO* Info);

/* ---- How full the pools are: for a device that watches itself, and for tests that nothing is left over.
 * ---- */
typedef struct _BARESSPI_POOL_USE {
  ULONG Contexts; /* in use now */
  ULONG MaxContexts;
  ULONG Credentials; /* in use now, also those that were freed and that a context still needs */
  ULONG MaxCredentials;
} BARESSPI_POOL_USE;

/* Of the pools of a package, by its name. NTLM's and Negotiate's are the same ones. Returns SEC_E_OK;
 * SEC_E_SECPKG_NOT_FOUND. */
SECURITY_STATUS BareSspiQueryPoolUse(const char* PackageName, BARESSPI_POOL_USE* Use);

#ifdef __cplusplus
}
#endif
#endif
