import FoundationEssentials
import MutualTLS
import Testing

@testable import Installer

@Suite(.timeLimit(.minutes(10)))
struct FileActionTests {
    private let home: TemporaryFolder
    private let world: World
    private let certs: String

    init() throws {
        home = try TemporaryFolder()
        world = .test(TranscriptRunner([TranscriptRunner.Recording]()), home: home.path)
        certs = world.places.certificates(of: Plan.site)
    }

    private func plan(_ actions: Action...) -> Plan {
        .test(
            actions.enumerated().map { Step(id: "\($0.offset)", title: "\($0.offset)", action: $0.element) })
    }

    private func order() throws -> CertificateOrder {
        CertificateOrder(names: [try SubjectName("localhost")], client: "admin")
    }

    // MARK: Certificates

    @Test func certificatesAreIssuedAndAgainNothingIsDone() async throws {
        let action = Action.issueCertificates(order: try order(), folder: certs)
        let rehearsal = await rehearse(plan(action, action), in: world)
        #expect(rehearsal.run.failure == nil)
        #expect(rehearsal.run["0"].lines.map(\.text).contains("\(certs)/client/key.pem"))
        #expect(rehearsal.run["1"].lines.map(\.text) == ["All of them are there already"])
    }

    @Test func bakedCertificatesAreInPlaceOnlyOnceTheyAreComplete() async throws {
        let tools = try FakeTools([
            .docker: """
            mkdir daemon client
            for part in daemon client; do
                for file in ca cert key; do echo $part > $part/$file.pem; done
                chmod 600 $part/key.pem
            done
            """
        ])
        let bake = Action.bakeCertificates(command: Command(.docker, ["buildx", "bake"]), folder: certs)
        let rehearsal = await rehearse(plan(bake), in: .test(tools.runner, home: home.path))
        #expect(rehearsal.run.failure == nil)
        let inside = String(certs.dropFirst(home.path.count + 1))
        #expect(try home.text(of: "\(inside)/client/key.pem") == "client\n")
        #expect(try home.mode(of: "\(inside)/client/key.pem") == 0o600)
        #expect(try home.mode(of: "\(inside)/client") == 0o700)
    }

    @Test func aBakeThatMakesNothingIsAFailureAndLeavesNothing() async throws {
        let tools = try FakeTools([.docker: "mkdir daemon; touch daemon/ca.pem"])
        let bake = Action.bakeCertificates(command: Command(.docker, ["buildx", "bake"]), folder: certs)
        let rehearsal = await rehearse(plan(bake), in: .test(tools.runner, home: home.path))
        #expect(rehearsal.run.failure?.message == "The bake definition made no daemon/cert.pem")
        #expect(try FileManager.default.contentsOfDirectory(atPath: certs.parentFolder) == [])
    }

    // MARK: The client's files

    private let secret = SecretName(context: "", namespace: "team", name: "buildkit-secrets")
    private let get = "kubectl get secret buildkit-secrets --output json --namespace team"

    @Test func theClientsFilesOfASecretAreKeptForTheUserAlone() async throws {
        let runner = TranscriptRunner([
            get: .init(
                output:
                    #"{"data":{"ca.crt":"YQ==","client.crt":"Yg==","client.key":"Yw==","server.key":"ZA=="}}"#
            )
        ])
        let rehearsal = await rehearse(
            plan(.saveClient(folder: certs, from: secret)), in: .test(runner, home: home.path))
        #expect(rehearsal.run.failure == nil)
        let inside = String(certs.dropFirst(home.path.count + 1))
        #expect(
            try ["ca.pem", "cert.pem", "key.pem"].map { try home.text(of: "\(inside)/client/\($0)") } == [
                "a", "b", "c",
            ])
        #expect(try home.mode(of: "\(inside)/client/key.pem") == 0o600)
        #expect(try home.mode(of: "\(inside)/client") == 0o700)
        #expect(!home.holds("\(inside)/client/server.key"))
    }

    @Test func aSecretWithoutTheClientsKeyIsSaid() async throws {
        let runner = TranscriptRunner([get: .init(output: #"{"data":{"ca.crt":"YQ==","client.crt":"Yg=="}}"#)]
        )
        let rehearsal = await rehearse(
            plan(.saveClient(folder: certs, from: secret)), in: .test(runner, home: home.path))
        #expect(rehearsal.run.failure?.message == "The Secret buildkit-secrets holds no client.key")
    }

    // MARK: Deleting

    @Test func whatThePlanKeepsCertificatesInMayBeDeletedAndAgain() async throws {
        try home.write("x", to: "elsewhere/certs/client/key.pem")
        let folder = "\(home.path)/elsewhere/certs"
        let remove = Action.remove(paths: ["\(folder)/client", "\(folder)/daemon"])
        let issue = Action.issueInner(folder: folder, algorithm: .p256, days: 10)
        let rehearsal = await rehearse(plan(issue, remove, remove), in: world)
        #expect(rehearsal.run.failure == nil)
        #expect(!home.holds("elsewhere/certs/client"))
        #expect(home.holds("elsewhere/certs/inner"))
    }

    @Test(arguments: [
        "", "/", "~", "HOME", "HOME/.config", "HOME/.config/buildkit-installer", "CERTS/..", "CERTS/../../x",
        "relative", "/etc",
    ])
    func nothingElseIsDeleted(path: String) async throws {
        let path = path.replacing("HOME", with: home.path).replacing("CERTS", with: certs)
        try home.write("x", to: ".config/buildkit-installer/other/file")
        let rehearsal = await rehearse(plan(.remove(paths: [path])), in: world)
        #expect(
            rehearsal.run.failure?.message
                == "\(path) was not deleted: it is not a folder of this installation")
        #expect(home.holds(".config/buildkit-installer/other/file"))
    }

    @Test func aPlanThatKeepsCertificatesInTheHomeFolderItselfDeletesOnlyWhatItMade() async throws {
        try home.write("x", to: "precious")
        let rehearsal = await rehearse(
            plan(.issueInner(folder: home.path, algorithm: .p256, days: 10), .remove(paths: [home.path])),
            in: world)
        #expect(rehearsal.run.failure?.message.hasSuffix("it is not a folder of this installation") == true)
        #expect(home.holds("precious"))
    }

    // MARK: The chart

    @Test func theChartIsUnpackedAsAWhole() async throws {
        let folder = world.places.chart(of: Plan.site)
        let inside = String(folder.dropFirst(home.path.count + 1))
        try home.write("old", to: "\(inside)/Chart.yaml")
        try home.write("old", to: "\(inside)/templates/old.yaml")
        let rehearsal = await rehearse(plan(.unpackChart(folder: folder)), in: world)
        #expect(rehearsal.run.failure == nil)
        #expect(!home.holds("\(inside)/templates/old.yaml"))
        for file in Chart.files { #expect(try home.text(of: "\(inside)/\(file.path)") == file.text) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.parentFolder) == ["chart"])
    }

    @Test func aFolderThatHoldsNoChartIsNotReplaced() async throws {
        try home.write("x", to: "mine/file")
        let rehearsal = await rehearse(plan(.unpackChart(folder: "\(home.path)/mine")), in: world)
        #expect(
            rehearsal.run.failure?.message
                == "\(home.path)/mine is there already and is not a chart, so it was left as it is")
        #expect(home.holds("mine/file"))
    }
}
