import FoundationEssentials
@testable import Installer
import LabSupport
import Testing

@Suite struct BundleTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func plan(_ path: String) throws -> Plan {
        for name in ["ca.pem", "cert.pem", "key.pem"] {
            try folder.write("the bytes of \(name)", to: "client/\(name)")
        }
        let registration = BuilderRegistration(
            builder: "team", address: .endpoint(endpoint: Endpoint(host: "10.0.0.1", port: 1234)),
            servername: "builder.example.com", folder: "\(folder.path)/client", platforms: [], use: true)
        return .test([
            Step(
                id: "bundle", title: "Bundle",
                action: .writeBundle(
                    bundle: ClientBundle(client: "bob", registration: registration, tunnel: nil, path: path)))
        ])
    }

    @Test(arguments: ["bundle", "bundle.tar", "bundle.tar.gz"])
    func aBundleIsItsOwnersAloneAndHoldsAllThatIsNeeded(_ name: String) async throws {
        let dependencies = Dependencies.test(ReplayRunner([ReplayRunner.Recording]()), home: folder.path)
        let rehearsal = await rehearse(try plan("\(folder.path)/\(name)"), in: dependencies)
        #expect(rehearsal.run.succeeded, "\(rehearsal.run.failure.map(String.init(describing:)) ?? "")")
        let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")[
            .posixPermissions]
        #expect(mode as? Int == (name == "bundle" ? 0o700 : 0o600))
        #expect(!"\(rehearsal.events)".contains("the bytes of"))
        guard name == "bundle" else {
            let listed = try await Program("tar").require("-tf", "\(folder.path)/\(name)")
            #expect(listed.contains("bob/key.pem\n"), "\(listed)")
            return
        }
        let script = String(
            decoding: try Data(contentsOf: URL(filePath: "\(folder.path)/\(name)/create-builder.sh")),
            as: UTF8.self)
        #expect(
            script.hasSuffix(
                #"docker buildx create --name team --node team0 --driver remote --driver-opt "\"cacert=$FOLDER/ca.pem\",\"cert=$FOLDER/cert.pem\",\"key=$FOLDER/key.pem\",servername=builder.example.com" tcp://10.0.0.1:1234"#
                    + "\n"))
    }

    @Test(arguments: ["notes.txt", "backup.tar"])
    func aFileOfOthersIsLeft(_ name: String) async throws {
        let dependencies = Dependencies.test(ReplayRunner([ReplayRunner.Recording]()), home: folder.path)
        try folder.write("precious", to: name)
        let rehearsal = await rehearse(try plan("\(folder.path)/\(name)"), in: dependencies)
        #expect(rehearsal.run.failure?.code == .fileUnwritable)
        #expect(try folder.text(of: name) == "precious")
    }

    @Test func nothingIsAddedToTheClientsOwnFiles() async throws {
        let dependencies = Dependencies.test(ReplayRunner([ReplayRunner.Recording]()), home: folder.path)
        let rehearsal = await rehearse(try plan("\(folder.path)/client/bob.tar"), in: dependencies)
        #expect(rehearsal.run.failure?.code == .fileUnwritable)
        #expect(!folder.holds("client/bob.tar"))
    }

    /// The files get into the folder that it leads to.
    @Test func aLinkToAFolderStays() async throws {
        let dependencies = Dependencies.test(ReplayRunner([ReplayRunner.Recording]()), home: folder.path)
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/folder", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/folder")
        #expect(await rehearse(try plan("\(folder.path)/link"), in: dependencies).run.succeeded)
        #expect(folder.holds("folder/create-builder.sh"))
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder.path)/link")
                == "\(folder.path)/folder")
    }

    @Test func aBundleOfBeforeIsReplacedAsAWhole() async throws {
        let dependencies = Dependencies.test(ReplayRunner([ReplayRunner.Recording]()), home: folder.path)
        let bundle = "\(folder.path)/bundle"
        for file in ["ca.pem", "cert.pem", "key.pem", "create-builder.sh", "notes.txt"] {
            try folder.write("of before", to: "bundle/\(file)")
        }
        let rehearsal = await rehearse(try plan(bundle), in: dependencies)
        #expect(rehearsal.run.succeeded)
        func text(_ file: String) throws -> String {
            try String(contentsOf: URL(filePath: "\(bundle)/\(file)"), encoding: .utf8)
        }
        for file in ["ca.pem", "cert.pem", "key.pem", "create-builder.sh"] {
            #expect(try text(file) != "of before")
        }
        #expect(try text("notes.txt") == "of before")
        let mode = try FileManager.default.attributesOfItem(atPath: "\(bundle)/key.pem")[.posixPermissions]
        #expect(mode as? Int == 0o600)
        // The temporary folder of the exchange has been removed.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("bundle") }
                == ["bundle"])
    }
}
