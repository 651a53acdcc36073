/*
 * Plays the vectors through the Kotlin bindings, on the JVM:
 *
 *     Play FOLDER_OF_THE_VECTORS
 *
 * Whole answers are compared. Prints how many there were, and ends with the first that is another.
 */

import cn.liangzheng.contract.BundleRefusal
import cn.liangzheng.contract.KeyAlgorithm
import cn.liangzheng.contract.ListRefusal
import cn.liangzheng.contract.PackRefusal
import cn.liangzheng.contract.RecordRefusal
import cn.liangzheng.contract.ShowException
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import com.google.gson.JsonPrimitive
import java.io.File
import java.security.MessageDigest
import java.util.HexFormat

internal fun bytes(hex: String): ByteArray = HexFormat.of().parseHex(hex)

internal fun hex(bytes: ByteArray): String = HexFormat.of().formatHex(bytes)

internal fun sha256(bytes: ByteArray): ByteArray =
    MessageDigest.getInstance("SHA-256").digest(bytes)

internal fun json(value: String?): JsonElement =
    value?.let { JsonPrimitive(it) } ?: JsonNull.INSTANCE

internal fun json(value: Long?): JsonElement =
    value?.let { JsonPrimitive(it) } ?: JsonNull.INSTANCE

internal fun json(value: ByteArray?): JsonElement = json(value?.let(::hex))

internal fun thing(vararg fields: Pair<String, JsonElement>) =
    JsonObject().apply { fields.forEach { (name, value) -> add(name, value) } }

/** A field that holds text, or none where it is null. */
internal fun JsonObject.text(name: String): String? =
    this[name].takeUnless { it.isJsonNull }?.asString

/** A field that holds a thing, or none where it is null. */
internal fun JsonObject.thing(name: String): JsonObject? =
    this[name].takeUnless { it.isJsonNull }?.asJsonObject

/** The things of a list. */
internal fun JsonObject.things(name: String): List<JsonObject> =
    this[name].asJsonArray.map { it.asJsonObject }

internal fun algorithm(number: Int): KeyAlgorithm =
    when (number) {
        -8 -> KeyAlgorithm.ED25519
        -7 -> KeyAlgorithm.ES256
        else -> error("no algorithm $number")
    }

/** The word that a call is refused with, or OK. */
internal fun word(call: () -> Unit): String =
    try {
        call()
        "OK"
    } catch (refusal: BundleRefusal.Refused) {
        refusal.code
    } catch (refusal: ListRefusal.Refused) {
        refusal.code
    } catch (refusal: ShowException.Refused) {
        refusal.code
    } catch (refusal: RecordRefusal.Refused) {
        refusal.code
    } catch (refusal: PackRefusal.Refused) {
        refusal.code
    }

/** Ends where one thing is not another. */
internal fun same(came: Any?, expected: Any?, what: () -> Any?) =
    check(came == expected) { "${what()}\ngave $came\nnot  $expected" }

fun main(arguments: Array<String>) {
    val folder = File(arguments[0])
    fun vectors(name: String) = JsonParser.parseString(folder.resolve(name).readText()).asJsonObject
    println(playScenarios(vectors("offline.json")))
    println(playCodes(vectors("credential.json"), vectors("offline.json")))
    println(playEnrolments(vectors("enrolment.json")))
    println(playChallenges(vectors("challenge.json")))
    println(playRecords(vectors("records.json")))
    println(playPhotoPacks(vectors("photo_pack.json")))
}
