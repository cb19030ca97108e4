import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

@Suite(.timeLimit(.minutes(10)))
struct BuildProofTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func plan(
        tunnel: ServiceName? = nil, timeout: Int = 30, depth: BuildVerification.Depth = .build
    ) -> Plan {
        let registration = BuilderRegistration(
            builder: "team", address: .endpoint(endpoint: Endpoint(host: "127.0.0.1", port: 1)),
            servername: nil,
            folder: "\(folder.path)/client", platforms: [], use: true)
        return .test([
            Step(
                id: "verification", title: "Prove",
                action: .verifyBuild(
                    verification: BuildVerification(
                        registration: registration, tunnel: tunnel, timeout: timeout, depth: depth)))
        ])
    }

    /// A buildx that copies the content of the Dockerfile to the given output.
    private let goodBuild = """
        case "$2" in
        inspect) echo "Name: team"; echo "Status:         running";;
        build)
            for word; do case "$word" in type=local,dest=*) out=${word#type=local,dest=};; esac; context=$word; done
            grep -q '^COPY nonce /nonce$' "$context/Dockerfile" && mkdir -p "$out" && cp "$context/nonce" "$out/nonce";;
        esac
        """

    @Test func aBuildThatBringsBackWhatWasSentIsAProof() async throws {
        let tools = try FakeTools([.docker: goodBuild])
        let rehearsal = await rehearse(plan(), in: .test(tools.runner, home: folder.path))
        #expect(rehearsal.run.failure == nil)
        #expect(
            rehearsal.run["verification"].lines.map(\.text) == [
                "team is running", "The test build through team succeeded",
            ])
        // No file of it is left.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func aConnectionIsProvenWithoutABuild() async throws {
        let tools = try FakeTools([
            .docker: #"[ "$2" = inspect ] || exit 1; echo "Name: team"; echo "Status:         running""#
        ])
        let rehearsal = await rehearse(plan(depth: .connection), in: .test(tools.runner, home: folder.path))
        #expect(rehearsal.run.failure == nil)
        #expect(rehearsal.run["verification"].lines.map(\.text) == ["team is running"])
    }

    @Test func aBuildThatBringsBackSomethingElseIsNone() async throws {
        let tools = try FakeTools([
            .docker: goodBuild.replacing(
                "cp \"$context/nonce\" \"$out/nonce\"", with: "echo x > \"$out/nonce\"")
        ])
        let rehearsal = await rehearse(plan(), in: .test(tools.runner, home: folder.path))
        #expect(
            rehearsal.run.failure?.message
                == "Test build output mismatch: the build through team succeeded, but returned different data"
        )
    }

    @Test func aBuilderThatIsStillStartingIsAskedAgain() async throws {
        let tools = try FakeTools([
            .docker: """
            if [ "$2" = inspect ] && ! [ -e "$0.asked" ]; then touch "$0.asked"; echo "Status: inactive"; exit 0; fi
            \(goodBuild)
            """
        ])
        try await issueCertificates()
        let rehearsal = await rehearse(plan(), in: .test(tools.runner, home: folder.path))
        #expect(rehearsal.run.succeeded)
    }

    /// The certificates for our own probe.
    private func issueCertificates() async throws {
        try await CertificateFolder(path: folder.path).issue(
            CertificateOrder(names: [.ip([127, 0, 0, 1])], client: "admin"), now: Date())
    }

    private let refused = """
        echo 'Status: inactive'
        echo 'connection error: desc = "transport: dial tcp 127.0.0.1:1: connect: connection refused"' >&2
        echo asked >> "$0.asked"
        """

    @Test func whatWaitingCannotMendEndsTheProofAtOnce() async throws {
        let tools = try FakeTools([.docker: refused])
        // There are no certificates.
        let rehearsal = await rehearse(plan(timeout: 600), in: .test(tools.runner, home: folder.path))
        #expect(
            rehearsal.run.failure?.message
                == "The client certificate files in \(folder.path)/client are unusable")
        #expect(try tools.folder.text(of: "docker.asked") == "asked\n")
    }

    @Test func aBuilderThatNeverAnswersIsDiagnosedOnceItsTimeIsUp() async throws {
        // Nothing listens on port 1, which our own probe finds like buildx.
        try await issueCertificates()
        let tools = try FakeTools([.docker: refused])
        let rehearsal = await rehearse(plan(timeout: 6), in: .test(tools.runner, home: folder.path))
        #expect(
            rehearsal.run["verification"].lines.map(\.text) == [
                "Waiting for tcp://127.0.0.1:1: Connection refused at 127.0.0.1:1: nothing listens on that port.",
                "team does not respond yet: transport: dial tcp 127.0.0.1:1: connect: connection refused",
            ])
        #expect(
            rehearsal.run.failure
                == InstallerError(
                    "Connection refused at tcp://127.0.0.1:1",
                    detail: """
                        Connection refused at 127.0.0.1:1: nothing listens on that port.
                        buildx: transport: dial tcp 127.0.0.1:1: connect: connection refused
                        """,
                    hint: """
                        Check the Service and its address: kubectl get services --namespace team
                        To skip the test build: --verify no
                        """, code: "TCPRefused"))
        // At the start, and then every two seconds.
        #expect(try tools.folder.text(of: "docker.asked") == "asked\nasked\nasked\nasked\n")
    }

    // MARK: Through a tunnel

    private let service = ServiceName(context: "", namespace: "team", name: "buildkit", port: 1234)

    @Test func thePortIsForwardedAsLongAsTheProofTakes() async throws {
        let tools = try FakeTools([
            .docker: "\(goodBuild)",
            .kubectl: "echo $$ > \"$0.pid\"; echo 'Forwarding from 127.0.0.1:1234 -> 1234'; exec sleep 600",
        ])
        let rehearsal = await rehearse(plan(tunnel: service), in: .test(tools.runner, home: folder.path))
        #expect(rehearsal.run.failure == nil)
        let process = try #require(Int(try tools.folder.text(of: "kubectl.pid").filter(\.isNumber)))
        await eventually { !ProcessMark(process).isRunning }
    }

    private let taken = """
        echo 'Unable to listen on port 1234: bind: address already in use' >&2
        echo 'error: unable to listen on any of the requested ports: [{1234 1234}]' >&2
        exit 1
        """

    @Test func aPortThatIsForwardedAlreadyServesAsWell() async throws {
        let tools = try FakeTools([.docker: goodBuild, .kubectl: taken])
        let rehearsal = await rehearse(plan(tunnel: service), in: .test(tools.runner, home: folder.path))
        #expect(rehearsal.run.failure == nil)
        #expect(
            rehearsal.run["verification"].lines.first?.text
                == "Port 1234 on this machine is in use; it may already be forwarded")
    }

    @Test func aPortThatSomethingElseHasIsSaid() async throws {
        let tools = try FakeTools([.docker: "echo 'Status: inactive'", .kubectl: taken])
        let rehearsal = await rehearse(
            plan(tunnel: service, timeout: 2), in: .test(tools.runner, home: folder.path))
        #expect(
            rehearsal.run.failure?.message == "Port 1234 on this machine is in use by another process")
        #expect(rehearsal.run.failure?.hint == "Find the process: ss -ltnp 'sport = :1234'")
    }

    @Test func aTunnelThatEndsEndsTheProof() async throws {
        let tools = try FakeTools([
            .docker: "exec sleep 600",
            .kubectl:
                "echo 'Forwarding from 127.0.0.1:1234 -> 1234'; echo 'error: lost connection to pod' >&2; exit 1",
        ])
        let rehearsal = await rehearse(plan(tunnel: service), in: .test(tools.runner, home: folder.path))
        #expect(
            rehearsal.run.failure
                == InstallerError(
                    "The port-forward to the Service buildkit terminated",
                    detail: "error: lost connection to pod",
                    hint: "Try it manually: kubectl port-forward service/buildkit 1234:1234 --namespace team")
        )
    }
}
