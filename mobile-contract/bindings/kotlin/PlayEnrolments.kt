/* What a phone signs to be enrolled: `vectors/enrolment.json`. */

import cn.liangzheng.contract.messageToEnrol
import com.google.gson.JsonObject

private fun message(
    one: JsonObject,
    nonce: ByteArray = bytes(one["nonce"].asString),
    invitation: String = one["invitation"].asString,
    officer: String = one["officer"].asString,
    number: Int = one["alg"].asInt,
    publicKey: ByteArray = bytes(one["public"].asString),
): String = hex(messageToEnrol(nonce, invitation, officer, algorithm(number), publicKey))

internal fun playEnrolments(vectors: JsonObject): String {
    val enrolments = vectors.things("enrolments")
    same(enrolments.map { it["alg"].asInt }.toSet(), setOf(-7, -8)) { "algorithms" }
    for (one in enrolments) {
        val signed = one["message"].asString
        same(message(one), signed) { one }
        val typed = one["invitation"].asString.uppercase().replace("-", " ")
        same(message(one, invitation = typed), signed) { "an invitation is typed as one likes" }
        val officer = one["officer"].asString + "1"
        check(message(one, nonce = ByteArray(32)) != signed) { "another nonce" }
        check(message(one, invitation = "k7mp") != signed) { "another invitation" }
        check(message(one, officer = officer) != signed) { "another officer" }
        same(word { message(one, nonce = ByteArray(31)) }, "NONCE_MALFORMED") { one }
        same(word { message(one, publicKey = ByteArray(0)) }, "KEY_MALFORMED") { one }
        val other = if (one["alg"].asInt == -7) -8 else -7
        same(word { message(one, number = other) }, "KEY_MALFORMED") { one }
    }
    return "${enrolments.size} enrolments: all as they should be"
}
