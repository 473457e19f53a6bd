-- Hits for wrk: numbered ids, 300 pages, 5,000 visitors. Prints how many requests were made, and how they were answered.
local made, run = 0, ""

local agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"

function init(arguments)
  run = arguments[1]
  thread_made = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "text/plain;charset=UTF-8"
  wrk.headers["User-Agent"] = agent
  wrk.headers["Origin"] = "https://example.cn"
  wrk.headers["Accept"] = "*/*"
  wrk.headers["Accept-Language"] = "zh-CN,zh;q=0.9"
end

function request()
  thread_made = thread_made + 1
  local n = thread_made
  local visitor = (n * 7919) % 5000
  wrk.headers["CF-Connecting-IP"] = string.format("10.0.%d.%d", math.floor(visitor / 250), visitor % 250 + 1)
  local body = string.format('{"url":"https://example.cn/articles/2026/%d","id":"%s-%012d"}', n % 300, run, n)
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
