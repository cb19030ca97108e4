@testable import MutualTLS
import Testing

/// Signatures alone: `root` signed `mid`, which signed `server`.
struct TrustedSignersTests {
    @Test func aCertificateIsTrustedByItsSignersInAnyOrder() throws {
        let scratch = try Scratch()
        for name in ["root", "other"] { try scratch.makeAuthority(name) }
        try scratch.makeIntermediate("mid", by: "root")
        try scratch.makeLeaf("server", by: "mid", usage: "serverAuth", dates: "-days 90")
        func isTrusted(_ chain: [String], by authorities: [String]) throws -> Bool {
            let text = { (names: [String]) in try names.map { try scratch.text(of: "\($0).pem") }.joined() }
            let signers = try TrustedSigners(pem: text(authorities))
            let pem = try text(chain)
            do { try signers.check(pem, called: "server.pem") } catch {
                #expect(error.sentence.hasPrefix("server.pem is not signed by a CA that is trusted with it"))
                return false
            }
            return true
        }
        #expect(try isTrusted(["server", "mid"], by: ["root"]))
        #expect(try isTrusted(["server", "other", "mid"], by: ["other", "root"]))
        #expect(try isTrusted(["server"], by: ["mid"]))
        #expect(try isTrusted(["server"], by: ["other", "server"]))
        #expect(try !isTrusted(["server"], by: ["root"]))
        #expect(try !isTrusted(["server", "mid", "root"], by: ["other"]))
        #expect(throws: CredentialsError.self) { try TrustedSigners(pem: "") }
    }
}
