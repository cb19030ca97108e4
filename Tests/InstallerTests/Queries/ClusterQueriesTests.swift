import FoundationEssentials
@testable import Installer
import Testing

@Suite struct ClusterQueryTests {
    @Test func theServersVersionIsNotTheClients() throws {
        let query = Query<String>.server(.team)
        #expect(try query.value(of: Recording.result("version")) == "1.20.2")
        #expect(
            query.commands.map(\.description) == [
                "kubectl version --output json --request-timeout=5s --context production"
            ])
    }

    @Test func aServerThatIsNotThereIsNamedInKubectlsWords() throws {
        let words =
            "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?"
        let result = CommandResult(
            status: 1, output: try Recording.text("version-without-server"), errors: "\(words)\n")
        #expect(
            throws: InstallerError(
                "The cluster does not respond", detail: words,
                hint:
                    "Check the network, a VPN and the context, then try it: kubectl version --output json --request-timeout=5s --context production"
            )
        ) { try Query<String>.server(.team).value(of: result) }
    }

    @Test func aNamespaceIsKnownByItsLabels() throws {
        let state = try Query<Facts.NamespaceState>.namespace(.team).value(of: Recording.result("namespace"))
        #expect(
            state
                == Facts.NamespaceState(
                    exists: true, isTerminating: false,
                    labels: ["pod-security.kubernetes.io/enforce": "restricted"]))
    }

    @Test func aNamespaceThatGoesIsTold() throws {
        let text = try Recording.text("namespace").replacing("\"Active\"", with: "\"Terminating\"")
        let state = try Query<Facts.NamespaceState>.namespace(.team).value(of: CommandResult(output: text))
        #expect(state?.isTerminating == true)
    }

    @Test func nothingIsPrintedForWhatIsNotThere() throws {
        let nothing = CommandResult()
        #expect(try Query<Facts.NamespaceState>.namespace(.team).value(of: nothing)?.exists == false)
        #expect(try Query<Facts.ServiceState?>.service(Answers()).value(of: nothing) == .some(nil))
        #expect(try Query<Facts.CacheClaim?>.cacheClaim(Answers()).value(of: nothing) == .some(nil))
        #expect(try Query.secrets(["a"], .team).value(of: nothing)?.isEmpty == true)
    }

    /// Where there are no objects, kubectl prints a list of none.
    @Test(arguments: ["", "{}", "error: You must be logged in\n"])
    func whatIsNoListIsNotAnEmptyOne(_ output: String) throws {
        let result = CommandResult(output: output)
        #expect(throws: InstallerError.self) { try Query<[Facts.Node]>.nodes(.team).value(of: result) }
        #expect(throws: InstallerError.self) { try Query<[String]>.namespaces(.team).value(of: result) }
        #expect(throws: InstallerError.self) {
            try Query<[Facts.StorageClass]>.storageClasses(.team).value(of: result)
        }
        #expect(throws: InstallerError.self) {
            try Query<[ClusterInstallation]>.installations(in: "production").value(of: result)
        }
        #expect(throws: InstallerError.self) { try Query<Bool>.hasKEDA(.team).value(of: result) }
        let rules = Query<[AdmissionRule]>.admissionRules(.team)
        #expect(throws: InstallerError.self) { try rules.read(rules.commands.map { _ in result }) }
        let namespace = CommandResult(output: #"{"metadata": {"name": "default"}}"#)
        for results in [[namespace, result], [result, CommandResult(output: #"{"items": []}"#)]] {
            #expect(throws: InstallerError.self) {
                try Query<SubstituteNamespace>.substitute(in: .team).read(results)
            }
        }
    }

    @Test func aForbiddenLookSaysWhatWasForbidden() {
        #expect {
            try Query<[Facts.StorageClass]>.storageClasses(.team).value(of: Recording.forbidden)
        } throws: { error in
            (error as? InstallerError)?.detail?.hasPrefix("Error from server (Forbidden): nodes is forbidden")
                == true
        }
    }

    @Test func whoMayNotListNodesIsTold() {
        #expect {
            try Query<[Facts.Node]>.nodes(.team).value(of: Recording.forbidden)
        } throws: { ($0 as? InstallerError)?.message == "No permission to list nodes" }
    }

    @Test func whoMayNotListNodesGoesOnWithoutThem() async {
        let runner = ReplayRunner([
            "kubectl get nodes --output json --request-timeout=5s --context production": Recording.forbidden
        ])
        var facts = Facts()
        await FactSource.nodes(.team).find(.test(runner))(&facts)
        #expect(facts.nodes == .known([]))
        #expect(!facts.mayListNodes)
    }

    @Test func aNodeSaysWhetherItsRuntimeHasUserNamespaces() throws {
        let without = try Query<[Facts.Node]>.nodes(.team).value(of: Recording.result("nodes-of-1.36"))
        #expect(without?.map(\.userNamespaces) == [false])
        let text = try Recording.text("nodes-of-1.36").replacing(
            #""userNamespaces": false"#, with: #""userNamespaces": true"#)
        let with = try Query<[Facts.Node]>.nodes(.team).value(of: CommandResult(output: text))
        #expect(with?.map(\.userNamespaces) == [true])
    }

    @Test func aNodeIsKnownByWhatItRuns() throws {
        let nodes = try Query<[Facts.Node]>.nodes(.team).value(of: Recording.result("nodes"))
        #expect(
            nodes == [
                Facts.Node(
                    name: "test", addresses: ["127.0.0.1"], architecture: "amd64", kernel: "",
                    kubelet: "1.20.2",
                    runtime: "fake://0", addressKinds: ["InternalIP"])
            ])
    }

    @Test func aNodeThatRunsNoLinuxIsNotCounted() throws {
        let text = try Recording.text("nodes").replacing(
            #""operatingSystem": "linux""#, with: #""operatingSystem": "windows""#)
        #expect(try Query<[Facts.Node]>.nodes(.team).value(of: CommandResult(output: text)) == [])
    }

    @Test func theDefaultStorageClassIsMarked() throws {
        let classes = try Query<[Facts.StorageClass]>.storageClasses(.team).value(
            of: Recording.result("storage-classes"))
        #expect(
            classes == [
                Facts.StorageClass(name: "fast", isDefault: true, allowsExpansion: false),
                Facts.StorageClass(name: "slow", isDefault: false, allowsExpansion: false),
            ])
    }

    @Test func aServiceTellsItsAddressAndPort() throws {
        let query = Query<Facts.ServiceState?>.service(Answers())
        #expect(
            try query.value(of: Recording.result("service"))
                == Facts.ServiceState(type: "LoadBalancer", addresses: ["203.0.113.7"], nodePort: 31751))
        #expect(
            query.commands.map(\.description) == [
                "kubectl get service buildkit --ignore-not-found --output json --request-timeout=5s "
                    + "--namespace buildkit"
            ])
    }

    @Test func aClaimThatIsThereIsSeen() throws {
        let claim = """
            {"metadata": {"name": "buildkit-cache", "creationTimestamp": "2026-11-22T16:40:28Z"},
             "spec": {"resources": {"requests": {"storage": "50Gi"}}}, "status": {"phase": "Pending"}}
            """
        let query = Query<Facts.CacheClaim?>.cacheClaim(Answers())
        let found = try #require(try query.value(of: CommandResult(output: claim)) ?? nil)
        #expect(found.size == "50Gi")
        #expect(found.madeAt == Date(timeIntervalSince1970: 1_795_365_628))
        let bound = claim.replacing(#""phase": "Pending""#, with: #""capacity": {"storage": "64Gi"}"#)
        #expect(try query.value(of: CommandResult(output: bound))??.size == "64Gi")
        #expect(found.deletion == nil)
    }

    @Test func whatIsBeingDeletedIsMarked() throws {
        let metadata = """
            {"metadata": {"name": "a", "deletionTimestamp": "2026-11-22T16:40:28Z", "finalizers": ["example.com/hold"]},
             "spec": {}}
            """
        let object = CommandResult(output: metadata)
        let deletion = PendingDeletion(finalizers: ["example.com/hold"])
        #expect(try Query<Facts.CacheClaim?>.cacheClaim(Answers()).value(of: object)??.deletion == deletion)
        #expect(try Query<Facts.ServiceState?>.service(Answers()).value(of: object)??.deletion == deletion)
    }

    @Test func anAnswerOfAnotherFormIsNotRepeated() {
        #expect {
            try Query<Facts.NamespaceState>.namespace(.team).value(
                of: CommandResult(output: "{\"key\": \"secret\"}"))
        } throws: { error in
            !"\(error)".contains("secret") && (error as? InstallerError)?.message.contains("team") == true
        }
    }
}
