/* SPDX-License-Identifier: Apache-2.0 */
#include "windows_style_program.h"

#define MAX_TOKEN 4096

#ifdef UNICODE
#define RunWindowsStyleProgram RunWindowsStyleProgramW
typedef unsigned short* IDENTITY_TEXT;
#else
#define RunWindowsStyleProgram RunWindowsStyleProgramA
typedef unsigned char* IDENTITY_TEXT;
#endif

typedef struct _PARTY {
  CredHandle hCred;
  CtxtHandle hCtxt;
  BOOL fHaveCtxt;
  DWORD fContextAttr;
  BYTE Token[MAX_TOKEN]; /* the last one that it made */
  DWORD cbToken;
} PARTY, *PPARTY;

static PARTY g_Client;
static PARTY g_Server;

static DWORD TextLength(LPCTSTR pszText) {
  DWORD cch = 0;
  while (pszText[cch] != 0) cch++;
  return cch;
}

static void SetBuffer(PSecBuffer pBuffer, ULONG BufferType, void* pvBuffer, DWORD cbBuffer) {
  pBuffer->BufferType = BufferType;
  pBuffer->pvBuffer = pvBuffer;
  pBuffer->cbBuffer = cbBuffer;
}

static void SetDesc(PSecBufferDesc pDesc, PSecBuffer pBuffers, DWORD cBuffers) {
  pDesc->ulVersion = SECBUFFER_VERSION;
  pDesc->cBuffers = cBuffers;
  pDesc->pBuffers = pBuffers;
}

static SECURITY_STATUS AcquireCredentials(PSecurityFunctionTable pSSPI, LPCTSTR pszPassword) {
  SEC_WINNT_AUTH_IDENTITY Identity;
  TimeStamp tsExpiry;
  SECURITY_STATUS ss;

  ZeroMemory(&Identity, sizeof(Identity));
  Identity.User = (IDENTITY_TEXT)TEXT("alice");
  Identity.UserLength = 5;
  Identity.Domain = (IDENTITY_TEXT)TEXT("DOMAIN");
  Identity.DomainLength = 6;
  Identity.Password = (IDENTITY_TEXT)pszPassword;
  Identity.PasswordLength = TextLength(pszPassword);
#ifdef UNICODE
  Identity.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
#else
  Identity.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
#endif

  ss = pSSPI->AcquireCredentialsHandle(NULL, (LPTSTR)TEXT("NTLM"), SECPKG_CRED_OUTBOUND, NULL, &Identity,
                                       NULL, NULL, &g_Client.hCred, &tsExpiry);
  SecureZeroMemory(&Identity, sizeof(Identity));
  if (FAILED(ss)) return ss;
  return AcquireCredentialsHandle(NULL, (LPTSTR)TEXT("NTLM"), SECPKG_CRED_INBOUND, NULL, NULL, NULL, NULL,
                                  &g_Server.hCred, &tsExpiry);
}

static SECURITY_STATUS ClientStep(PSecurityFunctionTable pSSPI) {
  SecBuffer In, Out;
  SecBufferDesc InDesc, OutDesc;
  TimeStamp tsExpiry;
  SECURITY_STATUS ss;

  SetBuffer(&In, SECBUFFER_TOKEN, g_Server.Token, g_Server.cbToken);
  SetDesc(&InDesc, &In, 1);
  SetBuffer(&Out, SECBUFFER_TOKEN, g_Client.Token, sizeof(g_Client.Token));
  SetDesc(&OutDesc, &Out, 1);
  ss = pSSPI->InitializeSecurityContext(
      &g_Client.hCred, g_Client.fHaveCtxt ? &g_Client.hCtxt : NULL, (LPTSTR)TEXT("host/server.example"),
      ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT, 0,
      SECURITY_NATIVE_DREP, g_Client.fHaveCtxt ? &InDesc : NULL, 0, &g_Client.hCtxt, &OutDesc,
      &g_Client.fContextAttr, &tsExpiry);
  if (!FAILED(ss)) g_Client.fHaveCtxt = TRUE;
  g_Client.cbToken = Out.cbBuffer;
  return ss;
}

static SECURITY_STATUS ServerStep(void) {
  SecBuffer In, Out;
  SecBufferDesc InDesc, OutDesc;
  TimeStamp tsExpiry;
  SECURITY_STATUS ss;

  SetBuffer(&In, SECBUFFER_TOKEN, g_Client.Token, g_Client.cbToken);
  SetDesc(&InDesc, &In, 1);
  SetBuffer(&Out, SECBUFFER_TOKEN, g_Server.Token, sizeof(g_Server.Token));
  SetDesc(&OutDesc, &Out, 1);
  ss = AcceptSecurityContext(&g_Server.hCred, g_Server.fHaveCtxt ? &g_Server.hCtxt : NULL, &InDesc,
                             ASC_REQ_CONFIDENTIALITY, SECURITY_NATIVE_DREP, &g_Server.hCtxt, &OutDesc,
                             &g_Server.fContextAttr, &tsExpiry);
  if (!FAILED(ss)) g_Server.fHaveCtxt = TRUE;
  g_Server.cbToken = Out.cbBuffer;
  return ss;
}

static SECURITY_STATUS LogIn(PSecurityFunctionTable pSSPI) {
  SECURITY_STATUS ssClient = SEC_I_CONTINUE_NEEDED;
  SECURITY_STATUS ssServer = SEC_I_CONTINUE_NEEDED;

  while (ssClient == SEC_I_CONTINUE_NEEDED || ssServer == SEC_I_CONTINUE_NEEDED) {
    if (ssClient == SEC_I_CONTINUE_NEEDED) ssClient = ClientStep(pSSPI);
    if (FAILED(ssClient)) return ssClient;
    if (ssServer == SEC_I_CONTINUE_NEEDED) ssServer = ServerStep();
    if (FAILED(ssServer)) return ssServer;
  }
  return SEC_E_OK;
}

/* Client to server, sealed; the application sends signature and message behind each other. */
static SECURITY_STATUS SendSealed(PREPORT pReport) {
  static const char Message[] = "open the pod bay doors";
  SecPkgContext_Sizes Sizes;
  BYTE Wire[RECEIVED_MAX * 2];
  SecBuffer Buffers[2];
  SecBufferDesc Desc;
  DWORD cbWire;
  ULONG fQOP;
  SECURITY_STATUS ss;

  ss = QueryContextAttributes(&g_Client.hCtxt, SECPKG_ATTR_SIZES, &Sizes);
  if (ss != SEC_E_OK) return ss;
  CopyMemory(Wire + Sizes.cbSecurityTrailer, Message, sizeof(Message));
  SetBuffer(&Buffers[0], SECBUFFER_TOKEN, Wire, Sizes.cbSecurityTrailer);
  SetBuffer(&Buffers[1], SECBUFFER_DATA, Wire + Sizes.cbSecurityTrailer, sizeof(Message));
  SetDesc(&Desc, Buffers, ARRAYSIZE(Buffers));
  ss = EncryptMessage(&g_Client.hCtxt, 0, &Desc, 0);
  if (ss != SEC_E_OK) return ss;
  cbWire = Buffers[0].cbBuffer + Buffers[1].cbBuffer;

  SetBuffer(&Buffers[0], SECBUFFER_STREAM, Wire, cbWire);
  SetBuffer(&Buffers[1], SECBUFFER_DATA, NULL, 0);
  ss = DecryptMessage(&g_Server.hCtxt, &Desc, 0, &fQOP);
  if (ss != SEC_E_OK) return ss;
  if (Buffers[1].cbBuffer > sizeof(pReport->Received)) return SEC_E_BUFFER_TOO_SMALL;
  CopyMemory(pReport->Received, Buffers[1].pvBuffer, Buffers[1].cbBuffer);
  pReport->cbReceived = Buffers[1].cbBuffer;
  return SEC_E_OK;
}

static SECURITY_STATUS AnswerSigned(PREPORT pReport) {
  char Answer[] = "I'm afraid I can't do that";
  BYTE Signature[16];
  SecBuffer Buffers[2];
  SecBufferDesc Desc;
  ULONG fQOP = 1;
  SECURITY_STATUS ss;

  SetBuffer(&Buffers[0], SECBUFFER_DATA, Answer, sizeof(Answer));
  SetBuffer(&Buffers[1], SECBUFFER_TOKEN, Signature, sizeof(Signature));
  SetDesc(&Desc, Buffers, ARRAYSIZE(Buffers));
  ss = MakeSignature(&g_Server.hCtxt, 0, &Desc, 0);
  if (ss != SEC_E_OK) return ss;
  ss = VerifySignature(&g_Client.hCtxt, &Desc, 0, &fQOP);
  pReport->fAnswerVerified = ss == SEC_E_OK && fQOP == 0;
  return ss;
}

static SECURITY_STATUS ReportName(PREPORT pReport) {
  SecPkgContext_Names Names;
  SECURITY_STATUS ss = QueryContextAttributes(&g_Server.hCtxt, SECPKG_ATTR_NAMES, &Names);
  if (ss != SEC_E_OK) return ss;
  CopyMemory(pReport->CallersName, Names.sUserName, (TextLength(Names.sUserName) + 1) * sizeof(TCHAR));
  return FreeContextBuffer(Names.sUserName);
}

static SECURITY_STATUS Talk(PSecurityFunctionTable pSSPI, LPCTSTR pszPassword, PREPORT pReport) {
  PSecPkgInfo pPackages;
  ULONG cPackages;
  SECURITY_STATUS ss = EnumerateSecurityPackages(&cPackages, &pPackages);
  if (ss != SEC_E_OK) return ss;
  pReport->cPackages = cPackages;
  if (pPackages[0].cbMaxToken > MAX_TOKEN) return SEC_E_BUFFER_TOO_SMALL;
  pSSPI->FreeContextBuffer(pPackages);

  ss = AcquireCredentials(pSSPI, pszPassword);
  if (ss == SEC_E_OK) ss = LogIn(pSSPI);
  if (ss == SEC_E_OK) ss = SendSealed(pReport);
  if (ss == SEC_E_OK) ss = AnswerSigned(pReport);
  if (ss == SEC_E_OK) ss = ReportName(pReport);
  pReport->fClientAttr = g_Client.fContextAttr;
  pReport->fServerAttr = g_Server.fContextAttr;
  return ss;
}

static void CloseParty(PPARTY pParty) {
  if (pParty->fHaveCtxt) DeleteSecurityContext(&pParty->hCtxt);
  if (SecIsValidHandle(&pParty->hCred)) FreeCredentialHandle(&pParty->hCred);
}

static void OpenParty(PPARTY pParty) {
  ZeroMemory(pParty, sizeof(*pParty));
  SecInvalidateHandle(&pParty->hCred);
}

SECURITY_STATUS RunWindowsStyleProgram(LPCTSTR pszPassword, PREPORT pReport) {
  PSecurityFunctionTable pSSPI = InitSecurityInterface();
  SECURITY_STATUS ss;
  if (pSSPI->dwVersion < SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_3) return SEC_E_UNSUPPORTED_FUNCTION;
  ZeroMemory(pReport, sizeof(*pReport));
  OpenParty(&g_Client);
  OpenParty(&g_Server);
  ss = Talk(pSSPI, pszPassword, pReport);
  CloseParty(&g_Client);
  CloseParty(&g_Server);
  return ss;
}
