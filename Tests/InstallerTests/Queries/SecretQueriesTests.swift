import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

@Suite struct SecretsQueryTests {
    /// Envoy's Secret in the format of kubectl, with newly issued certificates.
    private func list(
        _ data: [String: [UInt8]], labels: [String: String], isBeingDeleted: Bool = false
    ) -> String {
        let secret: JSONValue = [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": [
                "name": "buildkit-envoy-certs", "namespace": "buildkit",
                "labels": .object(labels.mapValues { .string($0) }),
            ],
            "data": .object(data.mapValues { .string(Data($0).base64EncodedString()) }),
        ]
        let item = isBeingDeleted ? secret.ending : secret
        let list: JSONValue = ["apiVersion": "v1", "items": [item], "kind": "List"]
        return list.text(indented: true)
    }

    private func secrets(
        _ data: [String: [UInt8]], labels: [String: String] = KubernetesLabels.ours,
        _ answers: Answers = Answers(), isBeingDeleted: Bool = false
    ) async throws -> Facts.Secrets {
        let runner = ReplayRunner([
            "kubectl get secret buildkit-envoy-certs buildkit-secrets --ignore-not-found --output json "
                + "--request-timeout=5s --namespace buildkit": CommandResult(
                    output: list(data, labels: labels, isBeingDeleted: isBeingDeleted))
        ])
        let dependencies = Dependencies(runner: runner, environment: [:], home: "/home/ada")
        let plan = CertificateLayout(
            answers, installation: answers.installation, places: dependencies.places, home: dependencies.home)
        return try await plan.secrets(in: dependencies)
    }

    /// The content of Envoy's Secret after an install.
    private func issued(_ names: [SubjectName]) async throws -> [String: [UInt8]] {
        let path = FileManager.default.temporaryDirectory.appending(path: "secrets-\(UUID().uuidString)").path
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: path) } }
        let folder = CertificateFolder(path: path)
        _ = try await folder.issue(CertificateOrder(names: names, client: "ada"), now: Date())
        return [
            "ca.pem": try folder.bytes(of: .serverAuthority),
            "server.pem": try folder.bytes(of: .serverCertificate),
            "server-key.pem": try folder.bytes(of: .serverKey),
        ]
    }

    @Test func aSecretIsKnownByDigestsAndCertificatesAlone() async throws {
        let data = try await issued(Answers().names)
        let secrets = try await secrets(data)
        #expect(secrets.outer?.digests == data.mapValues(Digest.ofPEM))
        #expect(secrets.outer?.isOurs == true)
        #expect(secrets.outer?.certificates.contains { $0.names.contains(.dns("localhost")) } == true)
        #expect(secrets.inner == nil)
        #expect(secrets.findings == [])
    }

    /// Only the clients have the CA that signed it.
    @Test func aServerCertificateOfAnotherCAThanThoseInTheSecretIsNoticed() async throws {
        var data = try await issued(Answers().names)
        var facts = Facts.empty
        facts.secrets = .known(try await secrets(data))
        #expect(!facts.serverHasOwnAuthority)
        data["ca.pem"] = try await issued(Answers().names)["ca.pem"]
        facts.secrets = .known(try await secrets(data))
        #expect(facts.serverHasOwnAuthority)
    }

    @Test func noKeyIsPrintedWhateverIsPrinted() async throws {
        let data = try await issued(Answers().names)
        let key = String(decoding: data["server-key.pem"] ?? [], as: UTF8.self)
        let body = try #require(key.split(separator: "\n").dropFirst().first)
        let object = SecretObject(name: "buildkit-envoy-certs", labels: [:], data: data)
        var dumped = ""
        dump(object, to: &dumped)
        dump(try await secrets(data), to: &dumped)
        #expect(!"\(object)\(dumped)".contains(body))
        #expect("\(object)" == "buildkit-envoy-certs")
    }

    @Test func aSecretOfSomebodyElseIsNotOurs() async throws {
        let secrets = try await secrets(["ca.pem": Array("nonsense".utf8)], labels: [:])
        #expect(secrets.outer?.isOurs == false)
        #expect(secrets.findings.contains { $0.severity == .error })
    }

    @Test func aSecretThatIsBeingDeletedIsMarked() async throws {
        let data = ["ca.pem": Array("nonsense".utf8)]
        #expect(try await secrets(data).outer?.deletion == nil)
        #expect(
            try await secrets(data, isBeingDeleted: true).outer?.deletion
                == PendingDeletion(finalizers: ["example.com/hold"]))
    }

    @Test func aSecretMustCoverTheNameThatBuildxExpects() async throws {
        let data = try await issued([.dns("builder.example.com")])
        var answers = Answers()
        answers.certificates = .secrets
        answers.endpoint = Endpoint(host: "builder.example.com", port: 1234)
        answers.servername = .dns("other.example.com")
        let kinds = try await secrets(data, answers).findings.map(\.kind)
        #expect(kinds == [.nameNotCovered])
    }
}
