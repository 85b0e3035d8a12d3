-- Posts for wrk: JSON bodies from the file named by POSTS, one a line, each thread in an order of its own.
local bodies = {}
for line in io.lines(os.getenv("POSTS")) do bodies[#bodies + 1] = line end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local threads, at = 0, 0
function setup(thread) thread:set("offset", threads * 977); threads = threads + 1 end
function init() at = offset end
function request()
  at = at + 1
  return wrk.format(nil, "/v1/check", nil, bodies[at % #bodies + 1])
end
function done(summary, latency)
  local refused = summary.errors.status
  io.write(string.format(
    '{"requests": %d, "seconds": %.2f, "not_2xx": %d, "timeouts": %d, "broken": %d, "p50_ms": %.2f, "p99_ms": %.2f}\n',
    summary.requests, summary.duration / 1e6, refused, summary.errors.timeout,
    summary.errors.connect + summary.errors.read + summary.errors.write,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
