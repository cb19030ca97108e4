import MutualTLS

/// A plan as a shell script that can be run manually.
///
/// It has a command for every step. Where a shell cannot do one of them, the whole script is the one command of this program that
/// makes and runs the plan: a script that went on without that step would leave a state that no run leaves, such as a client that is
/// not revoked. The script of a first install creates an empty register of clients, which the next change of a client fills.
///
/// It contains names and paths, never a key; Secrets are created from files by `kubectl`.
public struct ShellScript: Sendable, CustomStringConvertible {
    private let plan: Plan

    public init(_ plan: Plan) { self.plan = plan }

    public var description: String {
        let lines = plan.steps.contains { Self.commands(for: $0.action) == nil } ? oneCommand : allSteps
        return (["#!/bin/sh"] + lines).joined(separator: "\n") + "\n"
    }

    private var allSteps: [String] {
        [
            "# \(plan.title.visibleLine): the equivalent of what buildkit-installer runs.",
            "# The commands of all steps, without the checks, the lock and the rollback.", "set -eu",
        ]
            + plan.steps.flatMap { ["", "# \($0.title.visibleLine)"] + Self.lines(for: $0.action) }
    }

    private var oneCommand: [String] {
        let steps = plan.steps.map { step in
            "# \(Self.commands(for: step.action) == nil ? "*" : "-") \(step.title.visibleLine)"
        }
        return [
            "# \(plan.title.visibleLine): one command, because only buildkit-installer can do the steps marked with *.",
            "# It runs its checks first, and plans again.", "set -eu",
        ] + steps + [""] + (plan.commandLine.map { [$0] } ?? refusal)
    }

    /// Ends the script before anything is changed: the flags of the command are unknown.
    private var refusal: [String] {
        let command = plan.installation.installer(plan.resumption)
        let words = "Only buildkit-installer can do some of these steps: \(command)"
        return ["echo \(words.shellQuoted) >&2", "exit 1"]
    }

    /// The commands that are equivalent to an action; empty where only this program can do it.
    public static func lines(for action: Action) -> [String] { commands(for: action) ?? [] }

    /// The commands that are equivalent to an action; nil where only this program can do it: a shell cannot sign, register or revoke
    /// certificates, change a Secret without losing what others add to it, connect as a client, or see whether builds run.
    private static func commands(for action: Action) -> [String]? {
        switch action {
        case .run(let command): lines(for: command)
        case .create(let object):
            lines(
                for: object.reference.kubectl(
                    "create", "--filename", "-", input: object.manifest.text(indented: true)))
        case .changeRelease(let change): lines(for: change.installation.helm.change(change, mark: nil))
        case .uninstallRelease(let installation, _, let timeout):
            ["\(installation.helm.uninstall(timeout: timeout))"]
        case .freeRelease(let locked): ["\(locked.command)"]
        // `buildkit-installer issue` registers nothing.
        case .issueCertificates(let order, let folder, let registry):
            registry == nil ? [issue(order, folder)] : nil
        case .bakeCertificates(let command, let folder):
            bake(command, into: folder)
        case .issueInner(let folder, let algorithm, let days):
            [
                "buildkit-installer issue --inner-only --certs \(folder.shellQuoted) "
                    + "--key-algorithm \(algorithm.rawValue) --authority-days \(days) --days \(days)"
            ]
        case .saveClient(let folder, let secret): saveClient(folder, secret)
        case .applySecret(let recipe): recipe.replaces ? nil : lines(for: recipe)
        case .refreshProxies(let installation): nudge(installation)
        case .restart(let installation, let deployment):
            ["\(installation.kubectl.restart(deployment: deployment))"]
        case .unpackChart(let folder): ["buildkit-installer chart \(folder.shellQuoted)"]
        case .waitForAddress(let service, let exposure, let timeout): wait(service, exposure, timeout)
        case .awaitBuilder(let name, let installation, let scaling, let timeout):
            [wait(for: scaling, name, installation, timeout)]
        case .awaitPods(_, let deployment, let installation, let timeout):
            [wait(for: .wake, deployment, installation, timeout)]
        case .register(let registration, _): lines(for: registration)
        case .useBuilder(let name): ["\(Buildx.use(name))"]
        case .verifyBuild(let verification): lines(for: verification)
        case .remove(let paths): remove(paths)
        case .removeCertificates(let folder, let files): remove(files, from: CertificateFolder(path: folder))
        case .delete(let removal): ["\(removal.kubectl.delete(removal))"]
        case .deletePods(let removal): delete(removal)
        case .deleteLocalCluster(let removal): ["\(removal.cluster.delete)"]
        case .forget(let paths): remove(paths)
        case .prepareRenewal, .installRenewal, .removeFormerAuthority, .saveServer, .saveRevocations,
            .awaitRollout, .issueClient,
            .revoke, .awaitClientAccess, .writeBundle, .waitForBuilds:
            nil
        }
    }

    private static func remove(_ paths: [String]) -> [String] {
        ["rm -rf " + paths.map(\.shellQuoted).joined(separator: " ")]
    }

    /// A folder is removed only where it is empty.
    private static func remove(_ files: [String], from folder: CertificateFolder) -> [String] {
        let paths = files.map { "\(folder.path)/\($0)".shellQuoted }.joined(separator: " ")
        let folders = (folder.folders(of: files) + [folder.path]).map(\.shellQuoted).joined(separator: " ")
        return ["rm -f \(paths)", "rmdir \(folders) 2> /dev/null || true"]
    }

    /// The label of their ReplicaSet tells the release's pods from others with its labels.
    private static func delete(_ removal: PodRemoval) -> [String] {
        let kubectl = removal.installation.kubectl
        let selector = KubernetesLabels.pods(of: removal.installation, removal.component)
        let label = KubernetesLabels.podTemplateHash
        func deletion(_ hashes: String) -> String {
            let flags = ["--wait=false", "--grace-period=\(removal.gracePeriod)"]
            let command = kubectl.command(
                ["delete", "pods", "--selector", "\(selector),\(label) in (HASHES)"] + flags
                    + (removal.gracePeriod == 0 ? ["--force"] : []))
            return "\(command)".replacing("HASHES", with: hashes)
        }
        switch removal.owners {
        case .replicaSets(let seen): return [deletion(seen.map(\.hash).joined(separator: ","))]
        case .deployment(_, let name):
            let path = "{.items[?(@.metadata.ownerReferences[0].name==\"\(name)\")].metadata.labels.\(label)}"
            let look = kubectl(
                "get", "replicasets.apps", "--selector", selector, "--output", "jsonpath=\(path)")
            return ["HASHES=$(\(look))", deletion(#"'"$(echo $HASHES | tr ' ' ,)"'"#)]
        }
    }

    private static func lines(for command: Command) -> [String] {
        guard let input = command.input else { return ["\(command)"] }
        return ["\(command) <<'END'", input, "END"]
    }

    private static func issue(_ order: CertificateOrder, _ folder: String) -> String {
        let names = order.names.map { "\($0)" }.joined(separator: ",")
        return "buildkit-installer issue --certs \(folder.shellQuoted) --sans \(names.shellQuoted) "
            + "--client \(order.client.shellQuoted) --key-algorithm \(order.algorithm.rawValue) "
            + "--authority-days \(order.authorityDays) --days \(order.days)"
            + (order.keepAuthority ? "" : " --discard-authority")
    }

    /// The API server rejects the creation of a Secret that already exists.
    private static func lines(for recipe: SecretSpec) -> [String] {
        let files = recipe.filesByHand.sorted { $0.key < $1.key }.map {
            "--from-file=\("\($0.key)=\($0.value)".csvQuoted.shellQuoted)"
        }
        let create =
            "kubectl create secret generic \(recipe.secret.name.shellQuoted) "
            + (files + register(of: recipe)).joined(separator: " ")
        let labels = recipe.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)".shellQuoted }
        return [
            "\(create) --dry-run=client --output json |",
            "  kubectl label --local --filename - \(labels.joined(separator: " ")) --output json |",
            "  \(recipe.secret.kubectl.create(""))",
        ]
    }

    private static func wait(_ service: ServiceName, _ exposure: Exposure, _ timeout: Int) -> [String] {
        guard exposure == .loadBalancer else { return [] }
        let ready = "until \(address(service, exposure)); [ -n \"$ADDRESS\" ]; do sleep 2; done"
        return ["# it may take \(timeout) seconds", ready]
    }

    private static func wait(
        for scaling: ScaleTarget, _ name: String, _ installation: InstallationID, _ timeout: Int
    )
        -> String
    {
        let patience = "--timeout=\(timeout)s"
        let command =
            switch scaling {
            case .sleep:
                installation.kubectl(
                    "wait", "--for=delete", "pod", "--selector",
                    KubernetesLabels.pods(of: installation, "builder"),
                    patience)
            case .wake: installation.kubectl("rollout", "status", "deployment/\(name)", patience)
            }
        return "\(command)"
    }

    /// Sets ADDRESS to the host of the Service.
    private static func address(_ service: ServiceName, _ exposure: Exposure) -> String {
        switch exposure {
        case .loadBalancer:
            let ingress = "{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}"
            return
                "ADDRESS=$(\(service.kubectl("get", "service", service.name, "--output", "jsonpath=\(ingress)")))"
        case .nodePort, .portForward:
            let node = #"{.items[0].status.addresses[?(@.type=="InternalIP")].address}"#
            return
                "ADDRESS=$(\(Kubectl(context: service.context)("get", "nodes", "--output", "jsonpath=\(node)")))"
        }
    }

    private static func port(_ service: ServiceName, _ exposure: Exposure) -> String {
        guard exposure == .nodePort else { return "PORT=\(service.port)" }
        let path = "jsonpath={.spec.ports[0].nodePort}"
        return "PORT=$(\(service.kubectl("get", "service", service.name, "--output", path)))"
    }

    private static func lines(for registration: BuilderRegistration) -> [String] {
        switch registration.address {
        case .endpoint(let endpoint):
            return ["\(Buildx.create(registration, endpoint: endpoint, servername: registration.servername))"]
        case .service(let service, let exposure, let names):
            // The host is known only when the script runs; the name is valid for any host.
            let name = SubjectAltNames(names: names, servername: registration.servername).expectedName(
                dialling: "")
            let command = Buildx.create(
                registration, endpoint: Endpoint(host: "ADDRESS", port: 1), servername: name)
            return [
                address(service, exposure), port(service, exposure),
                "\(command)".replacing("tcp://ADDRESS:1", with: "\"tcp://$ADDRESS:$PORT\""),
            ]
        }
    }

    private static func lines(for verification: BuildVerification) -> [String] {
        let builder = verification.registration.builder
        let forward = verification.tunnel.map { ["\($0.kubectl.portForward($0)) &", "FORWARD=$!"] } ?? []
        let proof = verification.depth == .build ? build(with: builder) : ["\(Buildx.inspect(builder))"]
        return forward + proof + (forward.isEmpty ? [] : ["kill \"$FORWARD\""])
    }

    /// A build whose output is compared with its input.
    private static func build(with builder: String) -> [String] {
        [
            "PROOF=$(mktemp -d)", "mkdir \"$PROOF/context\"", "date > \"$PROOF/context/nonce\"",
            "printf 'FROM scratch\\nCOPY nonce /nonce\\n' > \"$PROOF/context/Dockerfile\"",
            "docker buildx build --builder \(builder.shellQuoted) --output \"type=local,dest=$PROOF/out\" \"$PROOF/context\"",
            "cmp \"$PROOF/context/nonce\" \"$PROOF/out/nonce\"",
        ]
    }
}
