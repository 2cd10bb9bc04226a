/** A certificate for `localhost` and its key, which everybody can read here: they keep nothing secret, and must not. */

/** The certificate, which is its own authority. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBkjCCATigAwIBAgIUCpyXD/+aFLjLCuKX/Q1wi1p+kJwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTEyNDIwNloYDzIxMjYxMTAx
MTI0MjA2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQigXKaCT4neV/iWqapW+/cswuKYBr3J6Xv3b8WKWIikyUI9Eh0k68P
Ek8YgwY6rkkLnjTQPd42rXN9nSLAsqn+o2YwZDAdBgNVHQ4EFgQUgM7z2GL1DSJT
PZPFtWf8ruU7yzwwHwYDVR0jBBgwFoAUgM7z2GL1DSJTPZPFtWf8ruU7yzwwFAYD
VR0RBA0wC4IJbG9jYWxob3N0MAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0EAwIDSAAw
RQIhAMVnwjga5RQv2lEpE0bEKdtvFj6/6bFDfC5gTiTGJBVyAiACxVEJyVJhP6ra
Dyf+NhkmClA/cqe/lKfQdXGb8Xk76A==
-----END CERTIFICATE-----
`;

/** Its key. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzHzmUc6Wp5wuOqmP
Xv5ZibS4fN9gMphbO9Pu0NpyX8ehRANCAAQigXKaCT4neV/iWqapW+/cswuKYBr3
J6Xv3b8WKWIikyUI9Eh0k68PEk8YgwY6rkkLnjTQPd42rXN9nSLAsqn+
-----END PRIVATE KEY-----
`;
