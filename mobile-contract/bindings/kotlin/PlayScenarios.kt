/*
 * Plays every scenario of `vectors/offline.json` through the Kotlin bindings, on the JVM:
 *
 *     PlayScenarios VECTORS/offline.json
 *
 * Whole answers are compared, not only verdicts. Prints how many there were.
 */

import cn.liangzheng.contract.Answer
import cn.liangzheng.contract.BundleRefusal
import cn.liangzheng.contract.Claims
import cn.liangzheng.contract.KeyAlgorithm
import cn.liangzheng.contract.ListRefusal
import cn.liangzheng.contract.OfflineVerifier
import cn.liangzheng.contract.RootKey
import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import com.google.gson.JsonPrimitive
import java.io.File
import java.util.HexFormat
import kotlin.system.exitProcess

private fun bytes(hex: String): ByteArray = HexFormat.of().parseHex(hex)

private fun json(value: String?): JsonElement = value?.let { JsonPrimitive(it) } ?: JsonNull.INSTANCE

private fun json(value: Long?): JsonElement = value?.let { JsonPrimitive(it) } ?: JsonNull.INSTANCE

private fun json(value: ByteArray?): JsonElement = json(value?.let { HexFormat.of().formatHex(it) })

private fun thing(vararg fields: Pair<String, JsonElement>) =
    JsonObject().apply { fields.forEach { (name, value) -> add(name, value) } }

private fun claims(c: Claims?): JsonElement =
    if (c == null) {
        JsonNull.INSTANCE
    } else {
        thing(
            "certificate_number" to json(c.certificateNumber),
            "nbf" to json(c.notBefore),
            "exp" to json(c.expires),
            "name" to json(c.name),
            "name_cut" to JsonPrimitive(c.nameCut),
            "agency" to json(c.agency.toLong()),
            "kind" to json(c.kind.toLong()),
            "status_list" to json(c.statusList.toLong()),
            "status_index" to json(c.statusIndex.toLong()),
        )
    }

/** An answer as the vectors write it. */
private fun answer(a: Answer): JsonElement =
    thing(
        "verdict" to json(a.verdict.name),
        "reasons" to JsonArray().apply { a.reasons.forEach { add(it.name) } },
        "evidence" to json(a.evidence?.name),
        "credential_id" to json(a.credentialId),
        "kid" to json(a.kid),
        "shown_at" to json(a.shownAt),
        "status_as_of" to json(a.statusAsOf),
        "status_age" to json(a.statusAge),
        "claims" to claims(a.claims),
        "agency" to json(a.agency?.name),
        "bundle_age" to json(a.bundleAge),
        "bundle_expired" to JsonPrimitive(a.bundleExpired),
    )

/** The word for what came of a file. */
private fun handIn(app: OfflineVerifier, kind: String, file: ByteArray, now: Long): String =
    try {
        when (kind) {
            "bundle" -> app.takeBundle(file, now).let { "OK" }
            "delta" -> app.takeDelta(file, now).let { "OK" }
            "list" -> app.takeList(file, now).let { "OK" }
            else -> if (app.takeGenuine(file)) "OK" else "UNKNOWN"
        }
    } catch (refusal: BundleRefusal.Refused) {
        refusal.code
    } catch (refusal: ListRefusal.Refused) {
        refusal.code
    }

fun main(arguments: Array<String>) {
    val vectors = JsonParser.parseString(File(arguments[0]).readText()).asJsonObject
    val roots =
        vectors["roots"].asJsonArray.map {
            val root = it.asJsonObject
            val algorithm = if (root["alg"].asInt == -8) KeyAlgorithm.ED25519 else KeyAlgorithm.ES256
            RootKey(algorithm, bytes(root["public"].asString))
        }
    val files = vectors["files"].asJsonObject.asMap().mapValues { bytes(it.value.asString) }
    val scenarios = vectors["scenarios"].asJsonArray.map { it.asJsonObject }
    var steps = 0
    for (scenario in scenarios) {
        OfflineVerifier(
                roots,
                vectors["issuer"].asString,
                files.getValue(scenario["bundle"].asString),
                scenario["floor"].asLong,
                scenario["now"].asLong,
            )
            .use { app ->
                for (step in scenario["steps"].asJsonArray.map { it.asJsonObject }) {
                    val now = step["now"].asLong
                    val came =
                        if (step.has("take")) {
                            val file = files.getValue(step["file"].asString)
                            json(handIn(app, step["take"].asString, file, now))
                        } else {
                            val challenge = step["challenge"].takeUnless { it.isJsonNull }?.asString
                            answer(app.scan(step["scan"].asString, challenge?.let(::bytes), now))
                        }
                    if (came != step["expect"]) {
                        System.err.println("${scenario["what"]}: $step\ngave $came")
                        exitProcess(1)
                    }
                    steps++
                }
            }
    }
    check(steps > 50) { "only $steps steps" }
    println("${scenarios.size} scenarios, $steps steps: all as they should be")
}
