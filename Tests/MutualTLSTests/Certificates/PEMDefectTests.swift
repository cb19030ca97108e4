import Foundation
@testable import MutualTLS
import Testing

/// Files as editors, shells and other systems corrupt them: the reason is reported, and the command in the hint
/// repairs them.
struct PEMDefectTests {
    /// The corruption of a file, as a shell command on `$f`, and the reported reason.
    private static let accidents: [(name: String, command: String, words: String)] = [
        ("a byte order mark", #"{ printf '\357\273\277'; cat $f; } > x"#, "starts with a byte order mark"),
        ("PowerShell's redirection", "iconv -f UTF-8 -t UTF-16 $f > x", "is UTF-16 text"),
        ("UTF-16 without a mark", "iconv -f UTF-8 -t UTF-16LE $f > x", "is UTF-16 text"),
        ("spaces for line ends", "echo $(cat $f) > x", "has no line breaks"),
        (
            "line ends in two characters", #"awk '{ printf "%s\\n", $0 }' $f > x"#, "has no line breaks"
        ),
        ("no line ends", #"tr -d '\n' < $f > x"#, "has no line breaks"),
        (
            "a string of JSON", #"{ printf '"'; awk '{ printf "%s\\n", $0 }' $f; echo '"'; } > x"#,
            "has no line breaks"
        ),
        ("an indented block of YAML", "sed 's/^/    /' $f > x", "is indented"),
        ("a Mac's line ends", #"tr '\n' '\r' < $f > x"#, "has carriage returns"),
    ]

    private func folder(_ name: String = "certs") throws -> Scratch {
        let scratch = try Scratch()
        try scratch.makeAuthority("ca")
        try scratch.makeLeaf("server", by: "ca", usage: "serverAuth")
        try scratch.makeLeaf("client", by: "ca", usage: "clientAuth")
        try scratch.makeFolder(server: "server", client: "client")
        return scratch
    }

    private func inspect(_ scratch: Scratch) async -> Inspection {
        await CertificateFolder(path: scratch["certs"]).inspect(now: .now)
    }

    private func shell(_ command: String, in scratch: Scratch) throws {
        let outcome = try Tool.run("sh", ["-c", command], in: scratch.path)
        try #require(outcome.status == 0, "\(command): \(outcome.output)")
    }

    @Test(
        arguments: accidents.indices,
        ["daemon/key.pem", "daemon/cert.pem", "client/ca.pem", "client/key.pem"])
    func anAccidentIsNamedAndItsHintMendsIt(index: Int, file: String) async throws {
        let accident = Self.accidents[index]
        let scratch = try folder()
        let original = try scratch.text(of: "certs/\(file)")
        try shell("f=certs/\(file); \(accident.command) && cat x > $f && rm x", in: scratch)
        let inspection = await inspect(scratch)
        #expect(!inspection.isUsable)
        let finding = try #require(inspection.errors.first { $0.file == file }, "\(accident.name)")
        #expect(finding.sentence.contains(accident.words), "\(finding.sentence)")
        // No message contains a part of a key.
        for line in original.split(separator: "\n") where !line.hasPrefix("-----") {
            #expect(!"\(inspection)".contains(line.prefix(16)))
        }
        let command = try #require(finding.hint.split(separator: ": ", maxSplits: 1).last)
        try shell(String(command), in: scratch)
        #expect(await inspect(scratch).findings == [], "\(accident.name): \(finding.hint)")
        #expect(try scratch.mode(of: "certs/\(file)") == 0o600)
    }

    @Test(arguments: ["daemon/cert.pem", "daemon/key.pem"])
    func binaryFilesAreConverted(file: String) async throws {
        let scratch = try folder()
        let tool = file.hasSuffix("key.pem") ? "pkey" : "x509"
        try scratch.openssl("\(tool) -in certs/\(file) -outform der -out certs/\(file).der")
        try shell("cat certs/\(file).der > certs/\(file)", in: scratch)
        let finding = try #require(await inspect(scratch).errors.first)
        #expect(finding.sentence == "\(file) is in binary format (DER), not PEM.")
        try shell(String(finding.hint.dropFirst("Convert it: ".count)), in: scratch)
        #expect(await inspect(scratch).findings == [])
    }

    @Test func archivesAndEnvelopesAreNamed() async throws {
        let scratch = try folder()
        try scratch.openssl(
            "pkcs12 -export -in server.pem -inkey server-key.pem -passout pass:x -out certs/daemon/cert.pem")
        #expect(await inspect(scratch).errors.first?.sentence.contains("PKCS #12 archive") == true)
        try scratch.openssl("crl2pkcs7 -nocrl -certfile server.pem -out certs/daemon/cert.pem")
        let finding = try #require(await inspect(scratch).errors.first)
        #expect(finding.sentence.contains("PKCS #7 envelope"))
        try shell(String(finding.hint.dropFirst("Convert it: ".count)), in: scratch)
        #expect(await inspect(scratch).findings == [])
    }

    @Test func aPathWithAQuoteIsOneWord() {
        #expect("it's/a b.pem".quotedForShell == #"'it'\''s/a b.pem'"#)
        #expect("x'\u{301}; touch y".quotedForShell == "'x'\\''\u{301}; touch y'")
        #expect("/srv/certs/key.pem".quotedForShell == "/srv/certs/key.pem")
    }

    @Test func whereThereIsNoFileTheHintNamesNone() {
        let binary = PEMDefect(kind: .derCertificate)
        #expect(binary.hint(for: nil).contains("openssl x509 -inform der -in FILE"))
        #expect(PEMDefect(kind: .empty).hint(for: nil) == "Copy the whole file again, from BEGIN to END.")
    }
}
