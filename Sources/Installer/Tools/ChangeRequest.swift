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
        /// The pods of these names, below the path.
        case annotatePods(names: [String])
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
                let path = arguments["--raw"], isDeletable(path),
                (try? JSONValue(text: input))?["preconditions"]?["uid"]?.string != nil
            else { return nil }
            return (.delete, path, input)
        case ("annotate", _): return annotating(arguments)
        case ("scale", 2): return scaling(arguments)
        default: return nil
        }
    }

    /// Whether it is the path of a Lease or of a pod.
    private static func isDeletable(_ path: String) -> Bool {
        let words = path.split(separator: "/")
        guard words.count > 2 else { return false }
        let list = "/" + words.dropLast().joined(separator: "/")
        let namespace = String(words[words.count - 3])
        return ["Lease", "Pod"].contains { APIResource(kind: $0)?.path(in: namespace) == list }
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
        let words = arguments.words.dropFirst()
        let names = Array(words.dropFirst().dropLast())
        let parts = (words.last ?? "").split(separator: "=", maxSplits: 1).map { String($0) }
        guard words.first == "pods", parts.count == 2, !names.isEmpty,
            names.allSatisfy({ !$0.contains("=") && !$0.contains("/") }),
            arguments.areOnly(["--overwrite"]), arguments.switches.contains("--overwrite"),
            let pods = APIResource(kind: "Pod")?.path(in: arguments["--namespace"])
        else { return nil }
        let body: JSONValue = ["metadata": ["annotations": .object([parts[0]: .string(parts[1])])]]
        return (.annotatePods(names: names), pods, body.text)
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
        case .annotatePods(let names): return try await annotated(names, on: server)
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

    private func annotated(
        _ names: [String], on server: HTTPExchange.Server
    ) async throws -> CommandResult? {
        let answers = try await concurrently(names) { name in
            try await HTTPExchange(
                server: server, path: "\(path)/\(name.percentEncoded)?fieldManager=kubectl-annotate",
                method: method, body: body
            ).answer()
        }
        return result(answers, of: names)
    }

    /// A pod that has ended has nothing to annotate.
    /// - Returns: nil where kubectl is to be tried, which tells that no pod is left.
    func result(_ answers: [HTTPExchange.Answer], of pods: [String]) -> CommandResult? {
        let annotated = zip(pods, answers).compactMap { pod, answer in answer.status == 200 ? pod : nil }
        guard !annotated.isEmpty, answers.allSatisfy({ $0.status == 200 || $0.saysNotFound }) else {
            return nil
        }
        return CommandResult(output: annotated.map { "pod/\($0) annotated\n" }.joined())
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
        return CommandResult(
            refusal: object, for: ["AlreadyExists", "Conflict", "Forbidden", "NotFound"], during: deed)
    }
}

extension HTTPExchange.Answer {
    /// Whether the API server has no such object. Its answer for an unknown path has no reason.
    var saysNotFound: Bool {
        status == 404 && (try? JSONValue(text: body))?["reason"]?.string == "NotFound"
    }
}

extension CommandResult {
    /// What kubectl prints where an API server has refused a request with an object of the kind Status.
    ///
    /// https://github.com/kubernetes/kubectl/blob/master/pkg/cmd/util/helpers.go (StandardErrorMessage)
    /// - Parameters:
    ///   - reasons: the reasons that kubectl prints in the same way.
    ///   - deed: what kubectl was doing, in its words.
    /// - Returns: nil where kubectl must explain the answer.
    init?(refusal status: JSONValue, for reasons: Set<String>, during deed: String = "") {
        guard status["kind"]?.string == "Status", let reason = status["reason"]?.string,
            reasons.contains(reason)
        else { return nil }
        let message = status["message"]?.string ?? ""
        self.init(status: 1, errors: "Error from server (\(reason)): \(deed)\(message)\n")
    }
}

extension String {
    /// The text before a character.
    fileprivate func upTo(_ end: Character) -> String { String(prefix { $0 != end }) }
}
