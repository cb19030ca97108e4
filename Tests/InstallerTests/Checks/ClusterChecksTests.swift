@testable import Installer
import Testing

@Suite struct ClusterChecksTests {
    @Test func theCurrentContextIsTakenWhereNoneIsGiven() {
        #expect(verdict(.context) == .passed("production"))
        #expect(verdict(.context) { _, answers in answers.context = "staging" } == .passed("staging"))
    }

    @Test func anUnknownContextIsRefusedWithTheKnownOnes() {
        #expect(
            verdict(.context) { _, answers in answers.context = "prod" }
                == .failed(
                    "Context 'prod' not found; available: production and staging",
                    hint: "Choose one: --context production"))
    }

    @Test func withoutACurrentContextOneIsToBeChosen() {
        #expect(
            verdict(.context) { facts, _ in
                facts.contexts = .known(Facts.Contexts(names: ["a"], current: ""))
            } == .failed("No current context is set", hint: "Choose one: --context a"))
    }

    @Test func withoutAKubeconfigTheServerDecides() {
        func judge(_ server: Fact<String>) -> CheckOutcome {
            verdict(.context) { facts, _ in
                facts.contexts = .known(Facts.Contexts(names: [], current: ""))
                facts.server = server
            }
        }
        #expect(judge(.known("1.36.2")) == .passed("not required in this cluster"))
        #expect(judge(.pending) == .pending)
        #expect(
            judge(.unavailable(InstallerError("silence")))
                == .failed(
                    "The kubeconfig has no contexts",
                    hint: "Set the kubeconfig: export KUBECONFIG=~/cluster.yaml"))
    }

    @Test func anOldServerFails() {
        #expect(verdict(.server) == .passed("1.36.2"))
        #expect(verdict(.server) { facts, _ in facts.server = .known("1.20.0") } == .passed("1.20.0"))
        #expect(
            verdict(.server) { facts, _ in facts.server = .known("1.19.16") }
                == .failed(
                    "The cluster runs Kubernetes 1.19.16; 1.20 or later is required",
                    hint: "Upgrade it, or choose another context: --context NAME"))
    }

    @Test func aVolumeNeedsAStorageClass() {
        func judge(_ change: (inout Facts, inout Answers) -> Void) -> CheckOutcome {
            verdict(.storageClass) { facts, answers in
                facts.storageClasses = .known([Facts.StorageClass(name: "slow", isDefault: false)])
                change(&facts, &answers)
            }
        }
        let message = "No default StorageClass: the PersistentVolumeClaim of the cache would stay Pending"
        #expect(judge { _, _ in } == .failed(message, hint: "Choose one: --storage-class slow"))
        #expect(
            judge { facts, _ in facts.storageClasses = .known([]) }
                == .failed(message, hint: "Use no volume: --cache none"))
        #expect(judge { _, answers in answers.storageClass = "slow" } == .passed("slow"))
        #expect(judge { _, answers in answers.storageClass = "fast" }.word == "warning")
        #expect(judge { _, answers in answers.cache = .none } == .skipped("no cache volume is configured"))
        #expect(
            judge { facts, _ in facts.cacheClaim = .known(Facts.CacheClaim(size: "50Gi")) }
                == .passed("the volume already exists")
        )
        #expect(judge { facts, _ in facts.cacheClaim = .pending } == .pending)
        #expect(verdict(.storageClass) == .passed("fast"))
    }

    @Test func aProfileThatTheNodesCannotRunIsAWarning() {
        func judge(_ profile: SecurityProfile?) -> CheckOutcome {
            verdict(.security) { _, answers in answers.security = profile }
        }
        let reason = "works on most clusters; the nodes could not be read"
        #expect(judge(nil) == .passed("rootless: \(reason)"))
        #expect(judge(.rootless) == .passed("rootless"))
        #expect(
            judge(.userns)
                == .warning(
                    "userns may not work on this cluster: \(reason)", hint: "Choose: --security rootless"))
        #expect(judge(.privileged).word == "warning")
    }

    @Test func aClusterWithoutNodesIsToldPlainly() {
        let outcome = verdict(.security) { facts, _ in facts.mayListNodes = true }
        #expect(outcome.word == "warning")
        #expect(outcome.evidence == "The cluster has no Linux node: BuildKit stays Pending until one joins")
    }

    /// The reports of two nodes' runtimes, and the verdict on `--security userns`.
    @Test(arguments: [
        ([false, false], "failed"), ([false, true], "warning"), ([true, true], "ok"), ([nil, nil], "ok"),
    ])
    func userNamespacesAreWhatTheRuntimesSay(_ reports: [Bool?], _ word: String) {
        let outcome = verdict(.security) { facts, answers in
            answers.security = .userns
            facts.mayListNodes = true
            facts.nodes = .known(
                reports.enumerated().map { index, report in
                    Facts.Node(
                        name: "n\(index)", addresses: [], architecture: "amd64", kernel: "6.8.0",
                        kubelet: "1.36.2",
                        runtime: "containerd://2.1.9", userNamespaces: report)
                })
        }
        #expect(outcome.word == word)
        if word == "failed" { #expect(outcome.hint == "Choose: --security rootless") }
    }

    /// The requested size, the size of the volume, whether it can be expanded, and the verdict.
    @Test(arguments: [
        ("50Gi", "50Gi", false, "ok", "the volume already exists"),
        ("51200Mi", "50Gi", false, "ok", "the volume already exists"),
        ("20Gi", "50Gi", true, "failed", "volumes cannot shrink to 20Gi"),
        ("60Gi", "50Gi", false, "failed", "does not allow volume expansion"),
        ("60Gi", "50Gi", true, "ok", "will be expanded to 60Gi"),
        ("60Gi", "50Gi", nil, "warning", "cannot read whether"),
    ])
    func aSizeThatTheVolumeCannotHaveIsRefused(
        _ wanted: String, _ present: String, _ grows: Bool?, _ word: String, _ words: String
    ) {
        let outcome = verdict(.storageClass) { facts, answers in
            answers.cache = .size(wanted)
            facts.cacheClaim = .known(
                Facts.CacheClaim(size: present, requested: present, storageClass: "fast"))
            facts.storageClasses = .known([
                Facts.StorageClass(name: "fast", isDefault: true, allowsExpansion: grows)
            ])
        }
        #expect(outcome.word == word)
        #expect(outcome.evidence.contains(words), "\(outcome.evidence)")
        if word == "failed" { #expect(outcome.hint?.hasPrefix("Keep its size: --cache 50Gi") == true) }
    }

    @Test func aVolumeThatNoClassMadeCannotGrow() {
        let outcome = verdict(.storageClass) { facts, answers in
            answers.cache = .size("60Gi")
            facts.cacheClaim = .known(Facts.CacheClaim(size: "50Gi"))
        }
        #expect(outcome.word == "failed")
    }

    @Test(arguments: [
        ("1Gi", 1_073_741_824.0), ("1G", 1e9), ("1500M", 1.5e9), ("1e9", 1e9), ("5", 5),
        ("2Ti", 2_199_023_255_552),
    ])
    func sizesAreBytes(_ text: String, _ bytes: Double) {
        #expect(StorageSize(text)?.bytes == bytes)
    }

    @Test func whatIsNoSizeHasNoBytes() {
        for text in ["", "Gi", "of unknown size", "1Xi", "1 Gi"] {
            #expect(StorageSize(text) == nil, "\(text)")
        }
    }

    @Test func valuesThatNeedKEDAAreRefusedWithoutIt() {
        #expect(verdict(.values).word == "skipped")
        #expect(
            verdict(.values) { facts, answers in
                facts.lacksKEDA = .known(true)
                answers.values = "values.yaml"
            }
                == .failed(
                    "values.yaml sets builder.sleep.enabled, but KEDA is not installed in the cluster",
                    hint: "Install KEDA (https://keda.sh), or remove builder.sleep and use "
                        + "buildkit-installer sleep and wake"))
    }
}
