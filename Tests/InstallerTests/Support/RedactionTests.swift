@testable import Installer
import Testing

struct RedactionTests {
    @Test func aPEMBlockOverSeveralLinesIsTakenOut() {
        let text = "before\n-----BEGIN PRIVATE KEY-----\nMIGH\nshort==\n-----END PRIVATE KEY-----\nafter"
        #expect(Redactor.of(text) == "before\n(removed)\n(removed)\n(removed)\n(removed)\nafter")
    }

    @Test func aPEMBlockInsideALineIsTakenOut() {
        let text = #"{"key":"-----BEGIN EC PRIVATE KEY-----\nMIGH\n-----END EC PRIVATE KEY-----\n","b":1}"#
        #expect(Redactor.of(text) == #"{"key":"(removed)\n","b":1}"#)
    }

    @Test func aBlockThatNeverEndsTakesAllThatFollows() {
        #expect(
            Redactor.of("a -----BEGIN RSA PRIVATE KEY-----\nMIGH\nx") == "a (removed)\n(removed)\n(removed)")
    }

    @Test func aLongWordOfBase64IsTakenOut() {
        let key = "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JR0hBZ0VBTUJN"
        #expect(Redactor.of("data: {server-key.pem: \(key)}") == "data: {server-key.pem: (removed)}")
        #expect(Redactor.of("token=\(key)") == "(removed)")
    }

    @Test(arguments: [
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "/home/somebody/.config/buildkit-installer/current/buildkit/buildkit/certs/client/ca.pem",
        "gke_my-project_europe-west1-b_a-cluster-with-a-long-name-indeed",
        "Error: INSTALLATION FAILED: context deadline exceeded",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ])
    func whatPeopleNeedToReadStays(text: String) { #expect(Redactor.of(text) == text) }

    @Test func theTwoStreamsOfAToolAreRedactedEachByItself() {
        let redaction = StreamRedactor()
        let lines = [
            OutputLine("-----BEGIN PRIVATE KEY-----"), OutputLine("what goes on", isError: true),
            OutputLine("MIGH"),
        ]
        #expect(lines.map { redaction.line($0).text } == ["(removed)", "what goes on", "(removed)"])
    }
}
