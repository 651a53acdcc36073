/* Photo packs, what opens of them and what is refused: `vectors/photo_pack.json`. */

import cn.liangzheng.contract.KeyAlgorithm
import cn.liangzheng.contract.OfflineVerifier
import cn.liangzheng.contract.PhotoEntry
import cn.liangzheng.contract.PhotoPack
import cn.liangzheng.contract.PhotoPackHead
import cn.liangzheng.contract.RootKey
import cn.liangzheng.contract.peekPhotoPack
import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject

private fun json(number: UInt): JsonElement = json(number.toLong())

private fun list(items: List<JsonElement>) = JsonArray().apply { items.forEach { add(it) } }

/** An officer of a pack, as the vectors write it. */
private fun told(entry: PhotoEntry?): JsonElement =
    if (entry == null) {
        JsonNull.INSTANCE
    } else {
        thing(
            "hash" to json(entry.hash),
            "places" to list(entry.places.map { list(listOf(json(it.list), json(it.index))) }),
            "fields" to list(entry.fields.map { json(it) }),
            "area" to json(entry.area),
            "picture" to json(entry.picture),
        )
    }

private fun openPack(
    vector: JsonObject,
    verifier: OfflineVerifier,
    key: ByteArray = bytes(vector["key"].asString),
): PhotoPack = PhotoPack.open(bytes(vector["pack"].asString), key, verifier, vector["now"].asLong)

/** A head, as it can be compared. */
private fun told(head: PhotoPackHead): List<Any> =
    listOf(head.issuer, head.agency, head.part, hex(head.version), head.issuedAt, head.expires)

/** Everybody is found by each place and by number, and nobody by another. */
private fun lookUp(pack: PhotoPack, people: List<JsonObject>) {
    val places =
        people
            .flatMap { person ->
                person["places"].asJsonArray.map { it.asJsonArray.toList() }.map { (list, index) ->
                    (list.asLong.toUInt() to index.asLong.toUInt()) to person
                }
            }
            .toMap()
    for ((place, person) in places) {
        val (list, index) = place
        same(told(pack.ofPlace(list, index)), person) { place }
        for (near in listOf(list to index + 1u, list + 1u to index, index to list)) {
            val found = told(pack.ofPlace(near.first, near.second))
            same(found, places[near] ?: JsonNull.INSTANCE) { near }
        }
    }
    same(pack.ofPlace(UInt.MAX_VALUE, UInt.MAX_VALUE), null) { "a place that is none" }
    // The numbers of the pack are those next to each other; who has which, its hash says.
    val byHash = people.associateBy { it["hash"].asString }
    var found = 0
    for (number in (62_000_000_010..62_000_000_029).map { it.toString() }) {
        val person = byHash[hex(sha256(number.toByteArray())).take(32)]
        same(told(pack.ofNumber(number)), person ?: JsonNull.INSTANCE) { number }
        if (person != null) found++
    }
    same(found, people.size) { "found by number" }
    same(pack.ofNumber(""), null) { "no number" }
}

internal fun playPhotoPacks(vectors: JsonObject): String {
    val root = RootKey(KeyAlgorithm.ED25519, bytes(vectors["root"].asString))
    val issuer = vectors["issuer"].asString
    val bundle = bytes(vectors["bundle"].asString)
    val opened = mutableListOf<Int>()
    val refused = mutableMapOf<String, ByteArray>()
    OfflineVerifier.resume(listOf(root), issuer, bundle, 0).use { verifier ->
        for (vector in vectors.things("vectors")) {
            val about = { vector["about"] }
            val sent = bytes(vector["pack"].asString)
            if (!vector["answer"].isJsonArray) {
                val answer = vector["answer"].asString
                same(word { openPack(vector, verifier) }, answer, about)
                refused[answer] = sent
                continue
            }
            val people = vector.things("answer")
            openPack(vector, verifier).use { pack ->
                same(list(pack.entries().map { told(it) }), vector["answer"], about)
                lookUp(pack, people)
                val expected =
                    PhotoPackHead(
                        issuer = issuer,
                        agency = 1204u,
                        part = 1u,
                        version = ByteArray(16) { 0xc3.toByte() },
                        issuedAt = 1_799_996_400,
                        expires = 1_800_604_800,
                    )
                same(told(pack.head()), told(expected), about)
                same(told(peekPhotoPack(sent)), told(expected), about)
            }
            for (wrong in listOf(ByteArray(0), ByteArray(31))) {
                same(word { openPack(vector, verifier, wrong) }, "KEY_WRONG", about)
            }
            opened += people.size
        }
    }
    same(opened.sorted(), listOf(0, 3)) { "opened" }

    // A head is read without a key, also of another deployment; not of what is none.
    val elsewhere = peekPhotoPack(refused.getValue("OTHER_ISSUER"))
    same(elsewhere.issuer, "https://zf.elsewhere.cn") { "another deployment" }
    same(word { peekPhotoPack(refused.getValue("MALFORMED")) }, "MALFORMED") { "cut short" }
    return "${opened.size} photo packs, ${refused.size} refused: all as they should be"
}
