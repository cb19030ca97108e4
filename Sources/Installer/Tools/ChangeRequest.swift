/// The request of a kubectl command that changes objects, with an answer in kubectl's format.
///
/// Plans, hints and logs show the command, which users can repeat. A request that was refused, or whose answer was lost,
/// is repeated by kubectl, which explains failures better. That is harmless: each change has a condition (a free name, a
/// UID, a `resourceVersion`), or is the same when it is made twice.
struct ChangeRequest: Equatable, Sendable {
    enum Change: Equatable, Sendable {
        /// - Parameter printed: the fields of `metadata` that are printed.
        case create(printed: [String])
        case replace(printed: [String])
        case delete
        /// By server-side apply.
        case apply(name: String)
        /// All pods of a selector, which the query of the path contains.
        case annotatePods
        case scale(object: String)
    }

    /// The output format of the commands that identify an object in its new state.
    static let identity = #"jsonpath={.metadata.uid}{" "}{.metadata.resourceVersion}"#
    /// The output format of the commands that only identify an object.
    static let uid = "jsonpath={.metadata.uid}"

    /// The kubeconfig's context; empty: its current one.
    let context: String
    let change: Change
    /// With its query.
    let path: String
    /// In JSON.
    let body: String

    /// - Returns: nil where the command has no equivalent request, or an argument is not understood.
    init?(_ command: Command) {
        guard let arguments = KubectlArguments(command),
            let (change, path, body) = Self.parts(of: arguments, command.input)
        else { return nil }
        (self.change, self.path, self.body) = (change, path, body)
        context = arguments["--context"] ?? ""
    }

    private typealias Parts = (Change, path: String, body: String)

    private static func parts(of arguments: KubectlArguments, _ input: String?) -> Parts? {
        switch (arguments.words.first, arguments.words.count) {
        case ("create", 1), ("replace", 1), ("apply", 1):
            guard arguments["--filename"] == "-", let input else { return nil }
            return writing(arguments, input)
        case ("delete", 1):
            guard arguments.areOnly(["--raw", "--filename"]), arguments["--filename"] == "-", let input,
                let path = arguments["--raw"],
                path.hasPrefix("/apis/coordination.k8s.io/v1/"), path.contains("/leases/")
            else { return nil }
            return (.delete, path, input)
        case ("annotate", 3): return annotating(arguments)
        case ("scale", 2): return scaling(arguments)
        default: return nil
        }
    }

    private static func writing(_ arguments: KubectlArguments, _ input: String) -> Parts? {
        guard let object = try? JSONValue(text: input), let kind = object["kind"]?.string,
            let name = object["metadata"]?["name"]?.string,
            let path = APIResource(kind: kind)?.path(in: arguments["--namespace"])
        else { return nil }
        let query = "fieldManager=\(Kubectl.fieldManager)&fieldValidation=Strict"
        let one = "\(path)/\(name.percentEncoded)?\(query)"
        if arguments.words == ["apply"] {
            guard kind == "Secret", arguments["--field-manager"] == Kubectl.fieldManager,
                arguments.areOnly(["--server-side", "--field-manager", "--force-conflicts", "--filename"]),
                arguments.switches.contains("--server-side")
            else { return nil }
            let isForced = arguments.switches.contains("--force-conflicts")
            return (.apply(name: name), "\(one)&force=\(isForced)", input)
        }
        guard arguments.areOnly(["--field-manager", "--filename", "--output"]),
            let printed = [identity: ["uid", "resourceVersion"], uid: ["uid"]][arguments["--output"] ?? ""]
        else { return nil }
        return arguments.words == ["create"]
            ? (.create(printed: printed), "\(path)?\(query)", input)
            : (.replace(printed: printed), one, input)
    }

    private static func annotating(_ arguments: KubectlArguments) -> Parts? {
        let parts = arguments.words[2].split(separator: "=", maxSplits: 1).map { String($0) }
        guard arguments.words[1] == "pods", parts.count == 2,
            arguments.areOnly(["--selector", "--overwrite"]),
            arguments.switches.contains("--overwrite"), let selector = arguments["--selector"],
            let pods = APIResource(kind: "Pod")?.path(in: arguments["--namespace"])
        else { return nil }
        let body: JSONValue = ["metadata": ["annotations": .object([parts[0]: .string(parts[1])])]]
        return (.annotatePods, "\(pods)?labelSelector=\(selector.percentEncoded)", body.text)
    }

    private static func scaling(_ arguments: KubectlArguments) -> Parts? {
        let object = arguments.words[1].split(separator: "/").map { String($0) }
        let flag = "--replicas="
        guard object.count == 2, object[0] == "deployment", arguments.switches.count == 1,
            let count = arguments.switches.first, count.hasPrefix(flag),
            let replicas = Int(count.dropFirst(flag.count)), arguments.areOnly([count]),
            let deployments = APIResource(kind: "Deployment")?.path(in: arguments["--namespace"])
        else { return nil }
        let body: JSONValue = ["spec": ["replicas": .number(Double(replicas))]]
        return (
            .scale(object: object[1]),
            "\(deployments)/\(object[1].percentEncoded)/scale?fieldManager=kubectl", body.text
        )
    }
}

extension ChangeRequest {
    /// - Returns: nil where kubectl is to be tried.
    func answer(from server: HTTPExchange.Server) async throws -> CommandResult? {
        switch change {
        case .annotatePods: return try await annotatedPods(from: server)
        case .apply:
            // kubectl also takes over the fields that its former way of applying has set.
            let before = try await HTTPExchange(server: server, path: path.upTo("?")).answer()
            guard before.status == 200,
                try JSONValue(text: before.body).annotation(Self.clientSideApply) == nil
            else { return nil }
        case .create, .replace, .delete, .scale: break
        }
        let answer = try await HTTPExchange(server: server, path: path, method: method, body: body).answer()
        return result(answer.status, answer.body)
    }

    /// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubectl-kubernetes-io-last-applied-configuration
    private static let clientSideApply = "kubectl.kubernetes.io/last-applied-configuration"

    private var method: HTTPExchange.Method {
        switch change {
        case .create: .post
        case .replace: .put
        case .delete: .delete
        case .apply: .apply
        case .annotatePods, .scale: .merge
        }
    }

    /// The proxies are a handful, so the list has one page.
    private func annotatedPods(from server: HTTPExchange.Server) async throws -> CommandResult? {
        let list = try await HTTPExchange(server: server, path: path).answer()
        guard list.status == 200 else { return nil }
        let names = (try JSONValue(text: list.body)["items"]?.array ?? []).map(\.name)
        let pods = path.upTo("?")
        let changed = try await concurrently(names) { name in
            try await HTTPExchange(
                server: server, path: "\(pods)/\(name.percentEncoded)?fieldManager=kubectl-annotate",
                method: method, body: body
            ).answer().status
        }
        guard changed.allSatisfy({ $0 == 200 }) else { return nil }
        return CommandResult(output: names.map { "pod/\($0) annotated\n" }.joined())
    }

    func result(_ status: Int, _ body: String) -> CommandResult? {
        guard let object = try? JSONValue(text: body) else { return nil }
        guard (200..<300).contains(status) else { return refusal(object) }
        switch change {
        case .create(let printed), .replace(let printed):
            let fields = printed.compactMap { object["metadata"]?[$0]?.string }
            return fields.count == printed.count ? CommandResult(output: fields.joined(separator: " ")) : nil
        case .delete: return CommandResult(output: body)
        case .apply(let name):
            return object.uid == nil ? nil : CommandResult(output: "secret/\(name) serverside-applied\n")
        case .scale(let name):
            return object["kind"]?.string == "Scale"
                ? CommandResult(output: "deployment.apps/\(name) scaled\n") : nil
        case .annotatePods: return nil
        }
    }

    /// - Returns: nil where kubectl is to be tried.
    private func refusal(_ object: JSONValue) -> CommandResult? {
        let deed: String
        switch change {
        case .create: deed = "error when creating \"STDIN\": "
        case .replace: deed = "error when replacing \"STDIN\": "
        case .delete: deed = ""
        case .apply, .annotatePods, .scale: return nil
        }
        guard object["kind"]?.string == "Status", let reason = object["reason"]?.string,
            ["AlreadyExists", "Conflict", "Forbidden", "NotFound"].contains(reason)
        else { return nil }
        let message = object["message"]?.string ?? ""
        return CommandResult(status: 1, errors: "Error from server (\(reason)): \(deed)\(message)\n")
    }
}

extension String {
    /// The text before a character.
    fileprivate func upTo(_ end: Character) -> String { String(prefix { $0 != end }) }
}
