/* The text by which a challenge is shown to the other phone: `vectors/challenge.json`. */

import cn.liangzheng.contract.challengeOfSymbol
import cn.liangzheng.contract.challengeSymbol
import com.google.gson.JsonObject

internal fun playChallenges(vectors: JsonObject): String {
    val symbols = vectors.things("symbols")
    for (symbol in symbols) {
        val (challenge, text) = listOf("challenge", "text").map { symbol[it].asString }
        same(challengeSymbol(bytes(challenge)), text) { symbol }
        same(challengeOfSymbol(text)?.let(::hex), challenge) { symbol }
    }
    val refused = vectors.things("refused")
    for (symbol in refused) {
        same(challengeOfSymbol(symbol["text"].asString), null) { symbol }
    }
    for (wrong in listOf(0, 15, 17)) {
        same(word { challengeSymbol(ByteArray(wrong)) }, "CHALLENGE_MALFORMED") { wrong }
    }
    check(symbols.size >= 3 && refused.size >= 10) { "only ${symbols.size}, ${refused.size}" }
    return "${symbols.size} challenges, ${refused.size} refused: all as they should be"
}
