/*
 * Check records, made from their fields, signed and read back, and what is refused:
 * `vectors/records.json`.
 */

import cn.liangzheng.contract.CheckRecord
import cn.liangzheng.contract.Elapsed
import cn.liangzheng.contract.Seen
import cn.liangzheng.contract.Since
import cn.liangzheng.contract.SyncMark
import cn.liangzheng.contract.Verdict
import cn.liangzheng.contract.messageToRecord
import cn.liangzheng.contract.readRecord
import cn.liangzheng.contract.recordHash
import cn.liangzheng.contract.scanned
import cn.liangzheng.contract.sealRecord
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject

private const val MAX_SEQUENCE = 0x7fff_ffffL

/** A record from its fields, as the vectors write them. */
private fun record(fields: JsonObject): CheckRecord {
    val elapsed = fields["elapsed"].asJsonObject
    return CheckRecord(
        id = bytes(fields["id"].asString),
        sequence = fields["sequence"].asLong.toUInt(),
        previous = fields.text("previous")?.let(::bytes),
        seen =
            when (val seen = fields["seen"].asString) {
                "CODE" -> Seen.Code(fields["digits"].asString)
                "NOT_SHOWN" -> Seen.NotShown
                "REFUSED" -> Seen.Refused
                "CODE_DAMAGED" -> Seen.CodeDamaged
                else -> error("nothing to see: $seen")
            },
        challenge = fields.text("challenge")?.let(::bytes),
        clock = fields["clock"].asLong,
        elapsed = Elapsed(Since.valueOf(elapsed["since"].asString), elapsed["millis"].asLong),
        mark = fields.thing("mark")?.let { SyncMark(it["at"].asLong, bytes(it["proof"].asString)) },
        verdict = fields.text("verdict")?.let { Verdict.valueOf(it) },
        place = fields.text("place"),
    )
}

/** A record's fields, as the vectors write them. */
private fun fields(record: CheckRecord): JsonObject {
    val (seen, digits) =
        when (val seen = record.seen) {
            is Seen.Code -> "CODE" to seen.digits
            Seen.NotShown -> "NOT_SHOWN" to null
            Seen.Refused -> "REFUSED" to null
            Seen.CodeDamaged -> "CODE_DAMAGED" to null
        }
    val mark = record.mark?.let { thing("at" to json(it.at), "proof" to json(it.proof)) }
    return thing(
        "id" to json(record.id),
        "sequence" to json(record.sequence.toLong()),
        "previous" to json(record.previous),
        "seen" to json(seen),
        "digits" to json(digits),
        "challenge" to json(record.challenge),
        "clock" to json(record.clock),
        "elapsed" to
            thing(
                "since" to json(record.elapsed.since.name),
                "millis" to json(record.elapsed.millis),
            ),
        "mark" to (mark ?: JsonNull.INSTANCE),
        "verdict" to json(record.verdict?.name),
        "place" to json(record.place),
    )
}

/** A byte string in deterministic CBOR. */
private fun byteString(value: ByteArray): ByteArray {
    val n = value.size
    val head =
        when {
            n < 24 -> byteArrayOf((0x40 or n).toByte())
            n < 256 -> byteArrayOf(0x58, n.toByte())
            else -> byteArrayOf(0x59, (n shr 8).toByte(), n.toByte())
        }
    return head + value
}

/** What is signed of a record by ES256 (RFC 9052, section 4.4), written by hand. */
private fun sigStructure(payload: ByteArray): ByteArray =
    bytes("846a") + "Signature1".toByteArray() + byteString(bytes("a10126")) +
        byteString("liangzheng/check/1".toByteArray()) + byteString(payload)

private fun JsonObject.with(vararg fields: Pair<String, JsonElement>): JsonObject =
    deepCopy().apply { fields.forEach { (name, value) -> add(name, value) } }

/** Fields that no reader takes, and the word for each. */
private fun unsound(first: JsonObject, full: JsonObject): List<Pair<String, JsonObject>> {
    val none = JsonNull.INSTANCE
    val noneShown =
        first.with("seen" to json("NOT_SHOWN"), "digits" to none, "verdict" to none)
    val mark = full["mark"].asJsonObject
    val shorter = { name: String -> json(full[name].asString.drop(2)) }
    return listOf(
        "ID" to first.with("id" to json(first["id"].asString.drop(2))),
        "ID" to first.with("id" to json("00".repeat(16))),
        "SEQUENCE" to first.with("sequence" to json(0L)),
        "SEQUENCE" to full.with("sequence" to json(MAX_SEQUENCE + 1)),
        "PREVIOUS" to full.with("previous" to none),
        "PREVIOUS" to full.with("previous" to shorter("previous")),
        "PREVIOUS" to full.with("sequence" to json(1L)),
        "SEEN" to first.with("digits" to json("012")),
        "SEEN" to first.with("digits" to json("https://zf.example.cn/v/12")),
        "SEEN" to first.with("digits" to json("9".repeat(801))),
        "CHALLENGE" to full.with("challenge" to shorter("challenge")),
        "CHALLENGE" to noneShown.with("challenge" to full["challenge"]),
        "CLOCK" to first.with("clock" to json(-1L)),
        "ELAPSED" to first.with("elapsed" to thing("since" to json("BOOT"), "millis" to json(-1L))),
        "ELAPSED" to full.with("mark" to none),
        "MARK" to full.with("mark" to mark.with("proof" to json("5a"))),
        "MARK" to full.with("mark" to mark.with("at" to json(-1L))),
        "VERDICT" to first.with("verdict" to none),
        "VERDICT" to noneShown.with("verdict" to json("VALID")),
        "PLACE" to full.with("place" to json("620102001")),
    )
}

internal fun playRecords(vectors: JsonObject): String {
    val phone = vectors["phone"].asJsonObject
    val algorithm = algorithm(phone["alg"].asInt)
    val key = bytes(phone["public"].asString)
    val records = vectors.things("records")
    for (vector in records) {
        val what = { vector["what"] }
        val made = record(vector["record"].asJsonObject)
        val signed = bytes(vector["signed"].asString)
        val payload = bytes(vector["payload"].asString)
        val hash = vector["hash"].asString
        same(hex(messageToRecord(made, algorithm)), hex(sigStructure(payload)), what)
        // The signature of the vector: ES256 signs anew each time.
        val signature = signed.takeLast(64).toByteArray()
        same(hex(sealRecord(made, algorithm, signature)), hex(signed), what)
        same(hex(recordHash(made)), hash, what)
        same(hex(sha256(payload)), hash, what)
        val received = readRecord(signed, algorithm, key)
        same(fields(received.record), vector["record"], what)
        same(hex(received.hash), hash, what)
        for (wrong in listOf(signature.drop(1).toByteArray(), signature + ByteArray(1))) {
            same(word { sealRecord(made, algorithm, wrong) }, "SIGNATURE_MALFORMED", what)
        }
        signed[signed.size - 1] = (signed.last().toInt() xor 1).toByte()
        same(word { readRecord(signed, algorithm, key) }, "SIGNATURE_INVALID", what)
    }

    val (first, full) = records.map { it["record"].asJsonObject }
    same(hex(recordHash(record(first))), full["previous"].asString) { "the chain" }
    val digits = first["digits"].asString
    for (read in listOf(digits, "https://zf.example.cn/v/$digits?from=timeline")) {
        same(scanned(read), Seen.Code(digits)) { read }
    }
    for (read in listOf("", "https://example.cn/menu", "/v/012")) {
        same(scanned(read), Seen.CodeDamaged) { read }
    }

    val refused = vectors.things("refused")
    for (vector in refused) {
        val signed = bytes(vector["signed"].asString)
        val came = word { readRecord(signed, algorithm, key) }
        same(came, vector["refused"].asString) { vector["what"] }
    }
    same(word { readRecord(ByteArray(0), algorithm, ByteArray(64)) }, "KEY_MALFORMED") { "a key" }
    for ((what, fields) in unsound(first, full)) {
        val made = record(fields)
        val words =
            setOf(
                word { messageToRecord(made, algorithm) },
                word { sealRecord(made, algorithm, ByteArray(64)) },
                word { recordHash(made) },
            )
        same(words, setOf("${what}_OUT_OF_RANGE")) { fields }
    }
    check(records.size >= 7 && refused.size >= 29) { "only ${records.size} and ${refused.size}" }
    return "${records.size} check records, ${refused.size} refused: all as they should be"
}
