-- Grants one call unless the span of ARGV[2] microseconds that ends now holds ARGV[1] of them already.
-- KEYS[1] is a list of the instants at which calls were granted, oldest first, in microseconds since 1970.
-- Answers: granted (1 or 0), calls left, microseconds until the next one is free, now.
local key, most, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function at(index)
  return tonumber(redis.call('LINDEX', key, index) or nil)
end

-- Should the clock have been set back, what lies in its future is taken to be of now: it then counts for a
-- window more and no longer.
local size = redis.call('LLEN', key)
local ahead = size - 1
while ahead >= 0 and at(ahead) > now do
  redis.call('LSET', key, ahead, string.format('%.0f', now))
  redis.call('PEXPIRE', key, math.ceil(window / 1000) + 1)
  ahead = ahead - 1
end

while size > 0 and at(0) <= now - window do
  redis.call('LPOP', key)
  size = size - 1
end

local granted = 0
if size < most then
  redis.call('RPUSH', key, string.format('%.0f', now))
  -- Whole milliseconds, and one more, so that nothing that counts is ever lost to rounding.
  redis.call('PEXPIRE', key, math.ceil(window / 1000) + 1)
  size = size + 1
  granted = 1
end

-- There are more than the limit only where it was lower before; then so many more must go first.
local next_free = math.max(size - most, 0)
return {granted, math.max(most - size, 0), at(next_free) + window - now, now}
