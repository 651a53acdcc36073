CHALLENGE_NOT_FOUND = 未找到该次现场核验请求，请重新发起，并请对方扫码应答。
CHALLENGE_EXPIRED = 对方未在20秒内应答，请重新发起现场核验。
CHALLENGE_USED = 该次核验请求已被应答，每次核验请重新发起。
