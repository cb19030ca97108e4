import Foundation
@testable import MutualTLS
import Testing

/// Folders created by openssl, as other tools and users create them.
struct InspectionTests {
    /// A valid folder, in which the tests introduce defects.
    private func goodFolder() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.makeAuthority("ca")
        try scratch.makeLeaf("server", by: "ca", usage: "serverAuth")
        try scratch.makeLeaf("client", by: "ca", usage: "clientAuth")
        try scratch.makeFolder(server: "server", client: "client")
        return scratch
    }

    private func inspect(_ scratch: Scratch, _ names: String..., now: Date = .now) async throws -> Inspection
    {
        await CertificateFolder(path: scratch["certs"]).inspect(
            expecting: try names.map { try SubjectName($0) }, now: now)
    }

    private func kinds(_ inspection: Inspection) -> [Finding.Kind] { inspection.findings.map(\.kind) }

    @Test func aFolderAsMkcertMakesItIsAccepted() async throws {
        let scratch = try Scratch()
        // RSA, subjects without a common name, a client that may also serve, no key identifiers.
        try scratch.openssl(
            "req -x509 -newkey rsa:3072 -nodes -days 3650 -subj /O=development/OU=root -keyout ca-key.pem",
            "-out ca.pem -config /dev/null -addext basicConstraints=critical,CA:TRUE,pathlen:0",
            "-addext keyUsage=critical,keyCertSign")
        try scratch.makeLeaf(
            "server", by: "ca", usage: "serverAuth",
            names: "DNS:example.com,IP:10.0.0.1,DNS:*.bk.example.com",
            key: "rsa:2048")
        try scratch.makeLeaf(
            "client", by: "ca", usage: "clientAuth,serverAuth", names: "DNS:client", key: "rsa:2048")
        try scratch.makeFolder(server: "server", client: "client")
        let inspection = try await inspect(scratch, "example.com", "10.0.0.1", "a.bk.example.com")
        #expect(inspection.findings.isEmpty)
        #expect(inspection.certificates.map(\.algorithm) == ["RSA 3072", "RSA 2048", "RSA 2048"])
        #expect(inspection.certificates.map(\.role) == [.authority, .server, .client])
    }

    @Test func everyNotationOfAKeyIsAccepted() async throws {
        let scratch = try goodFolder()
        let pkcs8 = try scratch.text(of: "server-key.pem")
        let sec1 = try scratch.openssl("ec -in server-key.pem").replacing(
            "read EC key\nwriting EC key\n", with: "")
        let parameters = try scratch.openssl("ecparam -name prime256v1")
        for key in [
            pkcs8, sec1, parameters + sec1, pkcs8.replacing("\n", with: "\r\n"), "Bag Attributes\n" + pkcs8,
        ] {
            try scratch.write(key, to: "certs/daemon/key.pem")
            #expect(try await inspect(scratch).errors.isEmpty)
        }
        try scratch.makeLeaf("old", by: "ca", usage: "serverAuth", key: "rsa:2048")
        try scratch.openssl("rsa -in old-key.pem -traditional -out old-key.pem")
        #expect(try scratch.text(of: "old-key.pem").contains("BEGIN RSA PRIVATE KEY"))
        try scratch.makeFolder(server: "old", client: "client")
        #expect(try await inspect(scratch).findings.isEmpty)
    }

    @Test func missingFilesAreAllNamed() async throws {
        let inspection = await CertificateFolder(path: "/nonexistent").inspect(now: .now)
        #expect(kinds(inspection) == Array(repeating: .missing, count: 6))
        #expect(inspection.certificates.isEmpty)
    }

    @Test(arguments: [
        ("cut", "is truncated"), ("damaged", "damaged"), ("empty", "is empty"), ("der", "binary form"),
        ("key", "contains no certificate but a PRIVATE KEY"), ("text", "contains no certificate"),
        ("garbage", "cannot be decoded"),
    ])
    func anUnusableCertificateIsExplained(kind: String, reason: String) async throws {
        let scratch = try goodFolder()
        let whole = try scratch.text(of: "server.pem")
        let name = "certs/daemon/cert.pem"
        switch kind {
        case "cut": try scratch.write(String(whole.prefix(whole.count / 2)), to: name)
        case "damaged": try scratch.write(whole.replacing("MII", with: "M*I"), to: name)
        case "empty": try scratch.write("", to: name)
        case "der": try scratch.openssl("x509 -in server.pem -outform der -out \(name)")
        case "key": try scratch.write(scratch.text(of: "server-key.pem"), to: name)
        case "text": try scratch.write("hello\n", to: name)
        default: try scratch.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: name)
        }
        let inspection = try await inspect(scratch)
        #expect(kinds(inspection) == [.notCertificate])
        #expect(inspection.findings.first?.sentence.contains(reason) == true)
        #expect(inspection.findings.first?.file == "daemon/cert.pem")
    }

    @Test func anEncryptedKeyIsNamed() async throws {
        let scratch = try goodFolder()
        let name = "certs/client/key.pem"
        try scratch.openssl("pkcs8 -topk8 -in client-key.pem -passout pass:abcd -out \(name)")
        #expect(kinds(try await inspect(scratch)) == [.encryptedKey])
        try scratch.openssl("ec -in client-key.pem -aes128 -passout pass:abcd -out \(name)")
        #expect(try scratch.text(of: name).contains("Proc-Type: 4,ENCRYPTED"))
        #expect(kinds(try await inspect(scratch)) == [.encryptedKey])
    }

    @Test func keysThatCannotBeUsedAreNamedWithoutTheirBytes() async throws {
        let scratch = try goodFolder()
        let whole = try scratch.text(of: "client-key.pem")
        let weak = try scratch.openssl("genrsa 1024")
        for key in [String(whole.prefix(120)), whole.replacing("MIG", with: "MIX"), weak, "", "hello"] {
            try scratch.write(key, to: "certs/client/key.pem")
            let inspection = try await inspect(scratch)
            #expect(kinds(inspection) == [.notKey])
            for line in key.split(separator: "\n") where !line.hasPrefix("-----") && line.count > 8 {
                #expect(!"\(inspection)".contains(line))
            }
        }
    }

    @Test func aKeyOfAnotherPairIsNamed() async throws {
        let scratch = try goodFolder()
        try scratch.write(scratch.text(of: "client-key.pem"), to: "certs/daemon/key.pem")
        #expect(kinds(try await inspect(scratch)) == [.keyMismatch])
    }

    @Test func aSignerThatNobodyTrustsIsNamedOnTheRightSide() async throws {
        let scratch = try goodFolder()
        try scratch.makeAuthority("other")
        try scratch.write(scratch.text(of: "other.pem"), to: "certs/client/ca.pem")
        let server = try await inspect(scratch)
        #expect(kinds(server) == [.notSigned])
        #expect(server.findings.first?.file == "daemon/cert.pem")
        #expect(server.findings.first?.sentence.contains("client/ca.pem") == true)
        try scratch.write(scratch.text(of: "other.pem"), to: "certs/daemon/ca.pem")
        #expect(try await inspect(scratch).findings.map(\.file) == ["daemon/cert.pem", "client/cert.pem"])
    }

    @Test func twoAuthoritiesAreFineIfEachSignedTheOtherEnd() async throws {
        let scratch = try goodFolder()
        try scratch.makeAuthority("people")
        try scratch.makeLeaf("person", by: "people", usage: "clientAuth")
        try scratch.makeFolder(
            server: "server", client: "person", serverAuthority: "people", clientAuthority: "ca")
        #expect(try await inspect(scratch).findings.isEmpty)
        // During a CA rotation, both CAs are in one file.
        try scratch.write(
            scratch.text(of: "ca.pem") + scratch.text(of: "people.pem"), to: "certs/daemon/ca.pem")
        #expect(try await inspect(scratch).findings.isEmpty)
    }

    @Test func intermediatesAreFollowed() async throws {
        let scratch = try goodFolder()
        try scratch.write("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n", to: "mid.ext")
        try scratch.openssl("req -newkey rsa:2048 -nodes -subj /CN=mid -keyout mid-key.pem -out mid.csr")
        try scratch.openssl(
            "x509 -req -in mid.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile mid.ext -days 99",
            "-out mid.pem")
        try scratch.makeLeaf("deep", by: "mid", usage: "serverAuth", dates: "-days 90")
        try scratch.write(scratch.text(of: "deep.pem") + scratch.text(of: "mid.pem"), to: "chain.pem")
        try scratch.write(scratch.text(of: "deep-key.pem"), to: "chain-key.pem")
        try scratch.makeFolder(server: "chain", client: "client")
        #expect(try await inspect(scratch).findings.isEmpty)
        // Without the intermediate the chain cannot be verified.
        try scratch.write(scratch.text(of: "deep.pem"), to: "certs/daemon/cert.pem")
        #expect(kinds(try await inspect(scratch)) == [.notSigned])
    }

    @Test func certificatesThatAreNoChainAreCounted() async throws {
        let scratch = try goodFolder()
        try scratch.write(
            scratch.text(of: "server.pem") + scratch.text(of: "client.pem"), to: "certs/daemon/cert.pem")
        let inspection = try await inspect(scratch)
        #expect(kinds(inspection) == [.severalCertificates])
        #expect(inspection.isUsable)
    }

    @Test func swappedPairsAreNamed() async throws {
        let scratch = try goodFolder()
        try scratch.makeFolder(server: "client", client: "server")
        let inspection = try await inspect(scratch)
        #expect(kinds(inspection) == [.wrongPurpose, .wrongPurpose])
        #expect(!inspection.isUsable)
    }

    @Test func aCertificateWithoutPurposesMayDoBoth() async throws {
        let scratch = try goodFolder()
        try scratch.makeLeaf("any", by: "ca", usage: nil)
        try scratch.makeFolder(server: "any", client: "any")
        #expect(try await inspect(scratch).findings.isEmpty)
    }

    /// The purposes that openssl writes into BuildKit's certificate, and the expected warning; nil: none.
    private static let purposes: [(usage: String?, words: String?)] = [
        (nil, "since it has no extended key usage"),
        ("serverAuth,clientAuth", "since its extended key usage includes clientAuth"),
        ("serverAuth", nil),
    ]

    @Test(arguments: purposes)
    func whatWouldMakeAClientOfABuildStepIsAWarning(usage: String?, words: String?) async throws {
        let scratch = try goodFolder()
        try scratch.makeLeaf("buildkitd", by: "ca", usage: usage)
        let authority = PEMItem(name: "ca.crt", bytes: Array(try scratch.text(of: "ca.pem").utf8))
        func side(_ name: String, _ file: String) throws -> PEMSet.Side {
            PEMSet.Side(
                authority: authority,
                certificate: PEMItem(
                    name: "\(name).crt", bytes: Array(try scratch.text(of: "\(file).pem").utf8)),
                key: PEMItem(
                    name: "\(name).key", bytes: Array(try scratch.text(of: "\(file)-key.pem").utf8)))
        }
        let inner = try PEMSet(server: side("server", "buildkitd"), client: side("client", "client"))
        #expect(await inner.inspect(now: .now).findings == [])
        let inspection = await inner.inspect(isInnerHop: true, now: .now)
        let expected: [Finding.Kind] = words == nil ? [] : [.wrongPurpose]
        #expect(kinds(inspection) == expected)
        #expect(inspection.isUsable)
        if let words, let finding = inspection.findings.first {
            #expect(finding.file == "server.crt" && finding.severity == .warning)
            #expect(finding.sentence.contains(words), "\(finding.sentence)")
        }
        // openssl accepts it for a client, too.
        if words != nil { try scratch.openssl("verify -CAfile ca.pem -purpose sslclient buildkitd.pem") }
    }

    @Test func anyPurposeIsEnoughForBuildxAndNotForEnvoy() async throws {
        let scratch = try goodFolder()
        try scratch.makeLeaf("any", by: "ca", usage: "anyExtendedKeyUsage")
        try scratch.makeFolder(server: "any", client: "client")
        #expect(try await inspect(scratch).findings == [])
        try scratch.makeFolder(server: "server", client: "any")
        let inspection = try await inspect(scratch)
        #expect(kinds(inspection) == [.wrongPurpose])
        #expect(!inspection.isUsable)
        #expect(inspection.findings.first?.sentence.contains("anyExtendedKeyUsage") == true)
    }

    @Test func anAuthorityThatIsNoneIsNamed() async throws {
        let scratch = try Scratch()
        try scratch.makeAuthority("ca", extensions: ["basicConstraints=critical,CA:FALSE"])
        try scratch.makeLeaf("server", by: "ca", usage: "serverAuth")
        try scratch.makeLeaf("client", by: "ca", usage: "clientAuth")
        try scratch.makeFolder(server: "server", client: "client")
        let inspection = try await inspect(scratch)
        #expect(kinds(inspection) == [.notAuthority, .notAuthority])
        #expect(inspection.findings.map(\.file) == ["daemon/ca.pem", "client/ca.pem"])
    }

    @Test func datesAreJudged() async throws {
        let scratch = try goodFolder()
        let end = try #require(
            try await inspect(scratch).certificates.first { $0.role == .server }?.notAfter)
        let day: TimeInterval = 86400
        let soon = try await inspect(scratch, now: end - 10 * day)
        #expect(kinds(soon) == [.expiresSoon, .expiresSoon])
        #expect(soon.isUsable)
        #expect(soon.findings.first?.sentence.contains("in 10 days") == true)
        #expect(kinds(try await inspect(scratch, now: end - 31 * day)) == [])
        let late = try await inspect(scratch, now: end + day)
        #expect(kinds(late) == [.expired, .expired])
        let early = try await inspect(scratch, now: .now - 10 * day)
        #expect(kinds(early) == [.notYetValid, .notYetValid, .notYetValid, .notYetValid])
    }

    @Test func namesThatAreNotCoveredAreListedTogether() async throws {
        let scratch = try goodFolder()
        let inspection = try await inspect(scratch, "builder.example.com", "other.example.com", "10.9.8.7")
        #expect(kinds(inspection) == [.nameNotCovered])
        let sentence = try #require(inspection.findings.first?.sentence)
        #expect(
            sentence
                == "daemon/cert.pem is not valid for other.example.com, 10.9.8.7; it covers builder.example.com."
        )
    }

    @Test func aKeyThatOthersCanReadIsAWarning() async throws {
        let scratch = try goodFolder()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: scratch["certs/client/key.pem"])
        let inspection = try await inspect(scratch)
        #expect(kinds(inspection) == [.readableByOthers])
        #expect(inspection.isUsable)
    }

    @Test func foldersAndPipesInPlaceOfFilesAreNamed() async throws {
        let scratch = try goodFolder()
        for name in ["certs/daemon/cert.pem", "certs/client/ca.pem"] {
            try FileManager.default.removeItem(atPath: scratch[name])
        }
        try FileManager.default.createDirectory(
            atPath: scratch["certs/daemon/cert.pem"], withIntermediateDirectories: false)
        mkfifo(scratch["certs/client/ca.pem"], 0o600)
        let inspection = try await inspect(scratch)
        #expect(kinds(inspection) == [.unreadable, .unreadable])
    }

    @Test func aFileOfTenMegabytesIsNotRead() async throws {
        let scratch = try goodFolder()
        try scratch.write([UInt8](repeating: 0x41, count: 10 << 20), to: "certs/daemon/cert.pem")
        #expect(kinds(try await inspect(scratch)) == [.unreadable])
    }

    @Test func nameConstraintsHaveTheLastWord() async throws {
        let scratch = try Scratch()
        try scratch.makeAuthority(
            "ca",
            extensions: [
                "basicConstraints=critical,CA:TRUE", "nameConstraints=critical,permitted;DNS:example.org",
            ])
        try scratch.makeLeaf("server", by: "ca", usage: "serverAuth")
        try scratch.makeLeaf("client", by: "ca", usage: "clientAuth", names: "DNS:a.example.org")
        try scratch.makeFolder(server: "server", client: "client")
        #expect(kinds(try await inspect(scratch)) == [.refusedForAnotherReason])
    }

    @Test func secretsAreJudgedInMemory() async throws {
        let scratch = try goodFolder()
        func part(_ key: String, _ file: String?) throws -> PEMItem {
            PEMItem(
                name: "buildkit-envoy-certs/\(key)",
                bytes: try file.map { Array(try scratch.text(of: $0).utf8) })
        }
        let whole = PEMSet(
            server: PEMSet.Side(
                authority: try part("ca.pem", "ca.pem"), certificate: try part("server.pem", "server.pem"),
                key: try part("server-key.pem", "server-key.pem")), client: nil)
        #expect(await whole.inspect(expecting: [.dns("builder.example.com")], now: .now).findings.isEmpty)
        let lacking = PEMSet(
            server: PEMSet.Side(
                authority: try part("ca.pem", "ca.pem"), certificate: try part("server.pem", "server.pem"),
                key: try part("server-key.pem", nil)), client: nil)
        let inspection = await lacking.inspect(now: .now)
        #expect(inspection.findings.map(\.sentence) == ["buildkit-envoy-certs/server-key.pem is missing."])
    }
}
