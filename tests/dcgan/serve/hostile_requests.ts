/** Requests that no honest client sends, and the status codes that may answer each. */
export interface HostileRequest {
  readonly text: string;
  /** Empty if the connection may be closed without an answer. */
  readonly allowed: readonly number[];
}

/** Paths that try to leave the server, in every way that is known to have worked somewhere. */
const TRAVERSALS = [
  "/../../../../etc/passwd",
  "/..%2f..%2fetc%2fpasswd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/%252e%252e%252fetc%252fpasswd",
  "/..\\..\\etc\\passwd",
  "/%5c..%5c..%5cetc%5cpasswd",
  "/%c0%ae%c0%ae/etc/passwd",
  "/%u002e%u002e/etc/passwd",
  "/....//....//etc/passwd",
  "//etc/passwd",
  "/file:///etc/passwd",
  "/sample/../config.json",
  "/sample%00.png",
  "/sample;/../config.json",
  "/./sample",
  "/sample/",
  "/SAMPLE",
  "/generator.safetensors/../../config.json",
  "/config.json",
  "/metrics.jsonl",
  "/checkpoints/step-000001/generator.safetensors",
  "/.git/config",
  "/%00",
  "/~root",
  "/__proto__",
  "/constructor",
  "/toString",
];

/** Queries that must be refused with a sentence. */
const QUERIES = [
  "seed=NaN",
  "seed=1e999",
  "count=1e999",
  "seed=-0",
  "seed=9007199254740992",
  "count=-1",
  "count=Infinity",
  "count=0x40",
  "count=256&count=256",
  "truncation=1e-400",
  "truncation=,5",
  "scale=64&count=256",
  "class=../../etc/passwd",
  "format=../png",
  "format=png&format=npy",
  "seeds=7:99999999",
  "seeds=" + "1,".repeat(900),
  "seed=%",
  "seed=%ff%fe",
  "a=b&".repeat(500),
  "__proto__=1",
  "seed[]=1",
  "seed=1;count=2",
];

/** All of them for a server at a host with its port. */
export function hostileRequests(host: string): HostileRequest[] {
  const end = "Connection: close\r\n\r\n";
  const get = (target: string, more = "") => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${more}${end}`;
  const requests: [text: string, ...allowed: number[]][] = [
    ...TRAVERSALS.map((path): [string, number] => [get(path), 404]),
    ...QUERIES.map((query): [string, number] => [get(`/sample?${query}`), 400]),
    ...["/sample?", "/"].flatMap((path) =>
      [3_000, 20_000, 1_000_000].map((length): [string, ...number[]] => [
        get(path + "x".repeat(length)),
        414,
        431,
      ])
    ),
    [get("/health", "A: b\r\n".repeat(150)), 431],
    [get("/health", `A: ${"b".repeat(100_000)}\r\n`), 431],
    [get("/health", "Cookie: a=b\r\n".repeat(5000)), 431],
    [get("/health", "Bad Header : x\r\n"), 400],
    [get("/health", "X: a\r\n folded\r\n"), 200, 400],
    [get("/health", "Range: bytes=0-,0-,0-\r\nAccept-Encoding: gzip;q=NaN\r\n"), 200],
    [get("/sample", "Accept: " + "image/gif,".repeat(500) + "\r\n"), 406],
    [get("/sample", 'If-None-Match: "' + "x".repeat(5000) + '"\r\n'), 200],
    [get("/sample", "Expect: 100-continue\r\n"), 100],
    [get("/health", "Upgrade: websocket\r\n"), 200],
    ...["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"].map((method): [string, number] => [
      `${method} /sample HTTP/1.1\r\nHost: ${host}\r\n${end}`,
      405,
    ]),
    [`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 405],
    [`BREW /sample HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 400],
    [`POST /sample HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 99999999999\r\n\r\nabc`, 405],
    [`POST /sample HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nabc`, 405, 400],
    [`GET /sample HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n`, 400],
    [`GET /sample HTTP/1.1\r\nHost: ${host}\r\nContent-Length: -1\r\n\r\n`, 400],
    [`GET /sample HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n`, 400],
    [`GET /health HTTP/1.0\r\nHost: ${host}\r\n\r\n`, 200],
    ["GET /health HTTP/1.0\r\n\r\n", 403],
    ["GET /health\r\n\r\n", 400, 403],
    [`GET /health HTTP/9.9\r\nHost: ${host}\r\n\r\n`, 400],
    [`GET http://${host}/health HTTP/1.1\r\nHost: ${host}\r\n${end}`, 200],
    [`GET http://elsewhere.example/health HTTP/1.1\r\nHost: ${host}\r\n${end}`, 403],
    [`GET http://user:secret@${host}/health HTTP/1.1\r\nHost: ${host}\r\n${end}`, 403],
    [`GET health HTTP/1.1\r\nHost: ${host}\r\n${end}`, 400],
    [`GET * HTTP/1.1\r\nHost: ${host}\r\n${end}`, 400],
    [`GET /health HTTP/1.1\r\nHost: elsewhere.example\r\n${end}`, 403],
    [`GET /health HTTP/1.1\r\nHost: ${host}.elsewhere.example\r\n${end}`, 403],
    [`GET /health HTTP/1.1\r\nHost: \r\n${end}`, 403],
    [`GET /health HTTP/1.1\r\n${end}`, 403],
    [`GET /health HTTP/1.1\r\nHost: ${host}\r\nHost: elsewhere.example\r\n${end}`, 400],
    [`GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\nRUBBISH\r\n\r\n`.repeat(3)],
    [`GET /sample HTTP/1.1\r\nHost: ${host}\r\n\r\n\0\x01\x02\xff\xfe\r\n\r\n`],
    [`GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(2000)],
    ["\0".repeat(10_000), 400],
    ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "a".repeat(500), 400],
    ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ["\r\n".repeat(1000) + "x", 400],
    ["SSH-2.0-OpenSSH_9.0\r\n", 400],
  ];
  return requests.map(([text, ...allowed]) => ({ text, allowed }));
}
