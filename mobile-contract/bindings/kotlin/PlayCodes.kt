/*
 * Every code of `vectors/credential.json`, shown to an app with the bundle and the list of
 * `offline.json`, by which all of them are valid.
 */

import com.google.gson.JsonArray
import com.google.gson.JsonObject

/** An app does not believe a clock that is behind its bundle, and says so first. */
private val OTHERWISE = mapOf("printed, before its first day" to "CLOCK_UNTRUSTED")

internal fun playCodes(vectors: JsonObject, offline: JsonObject): String {
    val codes = vectors.things("vectors")
    for (code in codes) {
        val challenge = code.text("challenge")?.let(::bytes)
        val app = Deployment(offline).app()
        val a = app.scan(code["digits"].asString, challenge, code["now"].asLong)
        val came =
            thing(
                "verdict" to json(a.verdict.name),
                "reasons" to JsonArray().apply { a.reasons.forEach { add(it.name) } },
                "id" to json(a.credentialId),
                "claims" to claims(a.claims),
                "shown_at" to json(a.shownAt),
            )
        val expected = thing(*came.keySet().map { it to code[it] }.toTypedArray())
        OTHERWISE[code["what"].asString]?.let { expected.add("verdict", json(it)) }
        same(came, expected) { code["what"] }
    }
    val known = codes.map { it["what"].asString }
    check(codes.size >= 14 && known.containsAll(OTHERWISE.keys)) { "only ${codes.size}" }
    return "${codes.size} codes: all as they should be"
}
