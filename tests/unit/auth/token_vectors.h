/* An RSA key, a token as Amazon Cognito issues them and an ID token, made with Python's cryptography. */
#ifndef SOUK_TESTS_TOKEN_VECTORS_H
#define SOUK_TESTS_TOKEN_VECTORS_H

#define RSA_N \
    "0N6rg5gXlJSFrLn0sOUesemE4ixLcggS0m0u7rtuSwrxRRZIJoXtMY9ZZpxyfimsjqXMgRTx244ww6kGF2orn_5n_NJX_hbEmNgsyAChY2aUFw7-1CB9MhC2szomYbyZ2E" \
    "6O6C19ewYQ5Xnef3Yv328nZZsspgcgW-hzTGb-Ps5JbXGvgpbvwwP5L0RkbrL5-gjxxwbiq-pmasz6g4yD5bPKpYPAcMYQ3v-0QPTOH8KVIQow9wbggUGJDFTnUOBe4-v0" \
    "AkoCctox8NbmEfK3O0oMzcxgPdGDGSeYIoMBKBjVbrgP2GGNcrXXK0R-BQksj3J9NtQFEU5XZsSC-A8WyQ"
#define RSA_WEAK_N \
    "noGMw3GEPjE8yomnqoXV3hqzyV0T2mn9Y6BB2zfoQClVpo39A_T30Ut8rQTRTScTftx2fw5A6QRZWCwZUwab_20Zxd3eoUCVSG4plPWI5gVVYzU8lFcpzJb4yOetEm9l7F" \
    "FP0Xtkq_keLZT5_hLaeUdSd2p2mHVx2QsY8m8TBUU"
#define COGNITO_ISSUER "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Abc123456"
#define COGNITO_ACCESS \
    "eyJraWQiOiJjb2ctMSIsImFsZyI6IlJTMjU2In0.eyJzdWIiOiI1YjFmOWMwZS03YzFkLTRhNDEtOWM2Zi0yZDFmNWQyYjlhMTEiLCJjb2duaXRvOmdyb3VwcyI6WyJzaG" \
    "9wLXN0YWZmIiwiYnV5ZXJzIl0sImlzcyI6Imh0dHBzOi8vY29nbml0by1pZHAuZXUtY2VudHJhbC0xLmFtYXpvbmF3cy5jb20vZXUtY2VudHJhbC0xX0FiYzEyMzQ1NiIs" \
    "ImNsaWVudF9pZCI6IjNuNGI1dXJrMWZ0NGZsM21nNWU2MmQ5YWRvIiwib3JpZ2luX2p0aSI6ImExIiwiZXZlbnRfaWQiOiJlMSIsInRva2VuX3VzZSI6ImFjY2VzcyIsIn" \
    "Njb3BlIjoiYXdzLmNvZ25pdG8uc2lnbmluLnVzZXIuYWRtaW4iLCJhdXRoX3RpbWUiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMCwiaWF0IjoxNzAwMDAwMDAwLCJq" \
    "dGkiOiJqMSIsInVzZXJuYW1lIjoiYWRhIn0.KwsVkCPqqHh30bpQbPwRz4uGsC1X3QWGL232jrVCOjYOmEuyagLF8WqirnNbebVEwqDQtFNm7FZ9C6cZNd4wRy4bkVorPz" \
    "YGBLwstOX68-TpcNpWh0y7-1LrhULDtddib6hSvvRrCgoLWe5p2gDjHFk5VpkLRr6jnlFrIcWIKSh5X83hNdXGcps9_E4U_a0Ujzcj7IstQhEvBn_-sQATB34fOJRC9yH1" \
    "h6eMSr0csrJfbEQe2v1qnwQjpkiFdu30KVpt54EIJXA_Mfo8HIMjEmvYsJ361euuDMJ9Bznof2hPjJUd84BTZ03I5xw8BeARtokfvIg_3UyY1NFmUkIqhQ"
/* iss https://op.example, aud [shop, other], azp shop, nonce n-0S6_WzA2Mj, at_hash of "access-token-value" */
#define ID_TOKEN \
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImNvZy0xIn0.eyJpc3MiOiJodHRwczovL29wLmV4YW1wbGUiLCJzdWIiOiIyNDgyODk3NjEwMDEiLCJhdWQiOl" \
    "sic2hvcCIsIm90aGVyIl0sImF6cCI6InNob3AiLCJub25jZSI6Im4tMFM2X1d6QTJNaiIsImV4cCI6MTcwMDAwMzYwMCwiaWF0IjoxNzAwMDAwMDAwLCJhdF9oYXNoIjoi" \
    "aUpnVHktdXZMNG9NbFdfYUJrd25rdyIsImVtYWlsIjoiYWRhQGV4YW1wbGUuY29tIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.UbSAz51XqqQQWGVtMScZxdyL2kjWZP-K0" \
    "C4oRPOkIpflI-LaIjXJzCPkvu_Hqf3M5XP7M_3AIkNs_3L8jxw2U_VQblBP_9Cr1yjI5zJt0nG6QxDgXabNqL9X8boEsXqVeNLNBRjtFvor8kgi18Ko6MHgISwdqDtv73e" \
    "pqWFDyfkuSx1X4K1b6cTCfOHcbf1z0_whe6G5d2jNR7dzbZy79gZJpffllRFG5k_mP7rTlkhjcZsLD7NkqoCHhyHFtuteCgc8Ug-tsZCpVMoQkGLBjh3HpfFIiyFZNs847" \
    "cokDtx-D0AgwZ463HcQ_2qS-TOtYG-V2qifEm1wFoHca6EL9g"

#endif
