/* Every scenario of `vectors/offline.json`; whole answers are compared, not only verdicts. */

import cn.liangzheng.contract.Answer
import cn.liangzheng.contract.Claims
import cn.liangzheng.contract.OfflineVerifier
import cn.liangzheng.contract.RootKey
import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive

internal fun claims(c: Claims?): JsonElement =
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
    when (kind) {
        "bundle" -> word { app.takeBundle(file, now) }
        "delta" -> word { app.takeDelta(file, now) }
        "list" -> word { app.takeList(file, now) }
        "kept list" -> word { app.takeKeptList(file) }
        "genuine" -> {
            val named = app.genuine().any { it.contentEquals(sha256(file)) }
            val taken = app.takeGenuine(file)
            same(taken, named) { "the lists that are named are those that are taken" }
            if (taken) "OK" else "UNKNOWN"
        }
        else -> error("nothing to hand in: $kind")
    }

/** What the file tells of a deployment. */
internal class Deployment(vectors: JsonObject) {
    val roots =
        vectors.things("roots").map {
            RootKey(algorithm(it["alg"].asInt), bytes(it["public"].asString))
        }
    val issuer: String = vectors["issuer"].asString
    val scenarios = vectors.things("scenarios")
    private val files = vectors["files"].asJsonObject.asMap().mapValues { bytes(it.value.asString) }

    fun file(name: JsonElement) = file(name.asString)

    fun file(name: String) = files.getValue(name)

    /** The app at the beginning of a scenario. */
    fun begin(scenario: JsonObject): OfflineVerifier {
        val (floor, now) = listOf("floor", "now").map { scenario[it].asLong }
        return OfflineVerifier(roots, issuer, file(scenario["bundle"]), floor, now)
    }

    /** An app with a list by which everything is valid. */
    fun app(): OfflineVerifier {
        val first = scenarios.first()
        return begin(first).apply { takeList(file("list-valid"), first["now"].asLong) }
    }
}

internal fun playScenarios(vectors: JsonObject): String {
    val deployment = Deployment(vectors)
    val (roots, issuer, scenarios) =
        Triple(deployment.roots, deployment.issuer, deployment.scenarios)
    fun file(of: JsonElement) = deployment.file(of)
    var steps = 0
    for (scenario in scenarios) {
        var app = deployment.begin(scenario)
        for (step in scenario.things("steps")) {
            val came =
                if (step.has("resume")) {
                    json(
                        word {
                            val kept = file(step["resume"])
                            app = OfflineVerifier.resume(roots, issuer, kept, step["floor"].asLong)
                        }
                    )
                } else if (step.has("take")) {
                    val handed = file(step["file"])
                    json(handIn(app, step["take"].asString, handed, step["now"].asLong))
                } else {
                    val challenge = step.text("challenge")?.let(::bytes)
                    answer(app.scan(step["scan"].asString, challenge, step["now"].asLong))
                }
            same(came, step["expect"]) { "${scenario["what"]}: $step" }
            steps++
        }
    }
    check(steps > 50) { "only $steps steps" }
    return "${scenarios.size} scenarios, $steps steps: all as they should be"
}
