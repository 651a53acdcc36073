CHALLENGE_NOT_FOUND = 未找到该挑战，请重新发起，并请对方扫码应答。
CHALLENGE_EXPIRED = 对方未在20秒内应答，请重新发起挑战。
CHALLENGE_USED = 该挑战已被应答，每次核验请重新发起。
