@testable import Installer
import MutualTLS
import Testing

struct AddressTests {
    private let service = ServiceName(context: "", namespace: "team", name: "buildkit", port: 1234)
    private let get = "kubectl get service buildkit --output json --namespace team"
    private let nodes = "kubectl get nodes --output json"
    private let pending = CommandResult(
        output: #"{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{}}}"#)

    private func wait(_ exposure: Exposure, timeout: Int = 60) -> Plan {
        .test([
            Step(
                id: "address", title: "Wait",
                action: .waitForAddress(service: service, exposure: exposure, timeout: timeout))
        ])
    }

    private func ready(_ ingress: String) -> CommandResult {
        CommandResult(
            output: #"{"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[\#(ingress)]}}}"#)
    }

    @Test func itLooksAgainUntilTheLoadBalancerHasAnAddress() async {
        let runner = ReplayRunner([get: pending, get: pending, get: ready(#"{"ip":"192.0.2.7"}"#)])
        let rehearsal = await rehearse(wait(.loadBalancer), in: .test(runner))
        #expect(rehearsal.run.succeeded)
        #expect(rehearsal.run["address"].lines == [OutputLine("tcp://192.0.2.7:1234")])
    }

    @Test func withoutAnAddressInTimeTheEventsSayWhy() async {
        let events =
            "kubectl get events --field-selector 'involvedObject.kind=Service,involvedObject.name=buildkit' "
            + "--sort-by lastTimestamp --output custom-columns=REASON:.reason,MESSAGE:.message --no-headers --namespace team"
        let runner = ReplayRunner(
            [
                .init(get, pending), .init(get, pending), .init(get, pending),
                .init(events.replacing("'", with: ""), CommandResult(output: "SyncFailed  no quota\n")),
            ])
        let rehearsal = await rehearse(wait(.loadBalancer, timeout: 4), in: .test(runner))
        #expect(runner.unplayed.isEmpty)
        #expect(
            rehearsal.run.failure
                == InstallerError(
                    "The Service buildkit was not assigned an address within 4 seconds",
                    detail: "SyncFailed  no quota",
                    hint:
                        "The cluster may not provide load balancers. Use --exposure node-port or --exposure port-forward."
                ))
    }

    /// Each kubelet reports its node's addresses, and nothing validates them.
    @Test(arguments: [
        "$(touch PWNED)", "a b", "x\\u001b[2J", "host,cert=/etc/passwd", "*.example.com", "", "10.0.0.1:22/x",
        "e\\u0301",
    ])
    func whatIsNoHostIsNoAddress(_ address: String) async {
        let ports = CommandResult(
            output: #"{"spec":{"type":"NodePort","ports":[{"port":1234,"nodePort":30123}]}}"#)
        let list = CommandResult(
            output: """
                {"items":[{"metadata":{"name":"a"},"status":{"addresses":[{"type":"ExternalIP","address":"\(address)"},
                {"type":"InternalIP","address":"10.0.0.1"}],"nodeInfo":{"architecture":"amd64","kernelVersion":"6",
                "kubeletVersion":"v1.36.2","containerRuntimeVersion":"containerd://2","operatingSystem":"linux"}}}]}
                """)
        let runner = ReplayRunner([get: ports, nodes: list])
        let rehearsal = await rehearse(wait(.nodePort), in: .test(runner))
        #expect(rehearsal.run["address"].lines == [OutputLine("tcp://10.0.0.1:30123")])
    }

    @Test func aNodePortIsReachedAtANodesOutermostAddress() async {
        let ports = CommandResult(
            output: #"{"spec":{"type":"NodePort","ports":[{"port":1234,"nodePort":30123}]}}"#)
        let list = CommandResult(
            output: """
                {"items":[{"metadata":{"name":"a"},"status":{"addresses":[{"type":"InternalIP","address":"10.0.0.1"},
                {"type":"ExternalIP","address":"203.0.113.1"}],"nodeInfo":{"architecture":"amd64","kernelVersion":"6",
                "kubeletVersion":"v1.36.2","containerRuntimeVersion":"containerd://2","operatingSystem":"linux"}}}]}
                """)
        let runner = ReplayRunner([get: ports, nodes: list])
        let rehearsal = await rehearse(wait(.nodePort), in: .test(runner))
        #expect(rehearsal.run["address"].lines == [OutputLine("tcp://203.0.113.1:30123")])
    }

    private func register(_ address: Address, servername: String? = nil) -> Plan {
        .test([
            Step(
                id: "builder", title: "Register",
                action: .register(
                    registration: BuilderRegistration(
                        builder: "team", address: address, servername: servername, folder: "/c,d/client",
                        platforms: [],
                        use: true), replacing: nil))
        ])
    }

    private let create =
        #"docker buildx create --name team --node team0 --driver remote --driver-opt '"cacert=/c,d/client/ca.pem","#
        + #""cert=/c,d/client/cert.pem","key=/c,d/client/key.pem""#

    @Test func aBuilderIsRegisteredAtItsEndpoint() async {
        let runner = ReplayRunner(["\(create)' --use tcp://b.example.com:1234": .init()])
        let plan = register(
            .endpoint(endpoint: Endpoint(host: "b.example.com", port: 1234)), servername: "b.example.com")
        #expect(await rehearse(plan, in: .test(runner)).run.failure == nil)
    }

    @Test func ofSeveralAddressesOneThatTheCertificateCoversIsTaken() async throws {
        let runner = ReplayRunner([
            get: ready(#"{"ip":"192.0.2.7"},{"hostname":"b.example.com"}"#),
            "\(create)' --use tcp://b.example.com:1234": .init(),
        ])
        let names = [try SubjectName("b.example.com")]
        let plan = register(.service(service: service, exposure: .loadBalancer, names: names))
        #expect(await rehearse(plan, in: .test(runner)).run.failure == nil)
    }

    @Test func anAddressThatTheCertificateDoesNotCoverIsDialledUnderANameThatItDoes() async throws {
        let runner = ReplayRunner([
            get: ready(#"{"ip":"192.0.2.7"}"#),
            "\(create),servername=b.example.com' --use tcp://192.0.2.7:1234": .init(),
        ])
        let names = [try SubjectName("*.example.com"), try SubjectName("b.example.com")]
        let plan = register(.service(service: service, exposure: .loadBalancer, names: names))
        #expect(await rehearse(plan, in: .test(runner)).run.failure == nil)
    }

    @Test func aServiceWithoutAnAddressCannotBeRegistered() async {
        let runner = ReplayRunner([get: pending])
        let plan = register(.service(service: service, exposure: .loadBalancer, names: []))
        #expect(
            await rehearse(plan, in: .test(runner)).run.failure?.message
                == "The Service buildkit has no address yet")
    }
}
