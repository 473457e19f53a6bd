-- Hits or reads for wrk: numbered ids, pages and visitors by turns. Prints how many requests were made, and how they were
-- answered. Words: the run's name, hits or reads, and how many sites, pages and visitors there are.
local made, run, kind, sites, pages, visitors = 0, "", "hits", 1, 300, 5000

local agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

function init(arguments)
  run = arguments[1]
  kind = arguments[2] or kind
  sites = tonumber(arguments[3] or sites)
  pages = tonumber(arguments[4] or pages)
  visitors = tonumber(arguments[5] or visitors)
  thread_made = 0
  wrk.headers["User-Agent"] = agent
  wrk.headers["Accept"] = "*/*"
  wrk.headers["Accept-Language"] = "zh-CN,zh;q=0.9"
  if kind == "hits" then wrk.headers["Content-Type"] = "text/plain;charset=UTF-8" end
end

function request()
  thread_made = thread_made + 1
  local n = thread_made
  local site = sites == 1 and "example.cn" or string.format("s%d.example.cn", n % sites)
  local page = (n * 11) % pages
  local visitor = (n * 7919) % visitors
  local address = string.format("10.%d.%d.%d", math.floor(visitor / 65536) % 256, math.floor(visitor / 256) % 256, visitor % 256)
  wrk.headers["CF-Connecting-IP"] = address
  wrk.headers["X-Forwarded-For"] = address
  wrk.headers["Origin"] = "https://" .. site
  if kind == "reads" then
    return wrk.format("GET", string.format("/v1/counts?site=%s&page=/articles/2026/%d", site, page))
  end
  local body = string.format('{"url":"https://%s/articles/2026/%d","id":"%s-%012d"}', site, page, run, n)
  return wrk.format("POST", "/v1/hits", nil, body)
end

local threads = {}
function setup(thread) table.insert(threads, thread) end

function done(summary, latency)
  for _, thread in ipairs(threads) do
    made = made + thread:get("thread_made")
  end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"made":%d,"wrong":%d,"answered":%d,"seconds":%f,"p50":%f,"p99":%f,"p999":%f,"broken":%d}\n',
    made, errors.status, summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout))
end
