/// The request of a kubectl command that changes the Lease of a run, with an answer in kubectl's format.
///
/// Of all changes only this one is never repeated by users, and every run makes it at least twice. A request whose
/// answer was lost may have been carried out: kubectl then sends it again, which the conditions in it make harmless,
/// and the Lease shows which one it was.
struct LeaseRequest: Equatable, Sendable {
    /// The output format of the commands: what identifies the Lease in its new state.
    static let identity = #"jsonpath={.metadata.uid}{" "}{.metadata.resourceVersion}"#

    /// The kubeconfig's context; empty: its current one.
    let context: String
    let method: HTTPExchange.Method
    /// With its query.
    let path: String
    let body: String

    /// - Returns: nil for any other command.
    init?(_ command: Command) {
        guard command.tool == .kubectl, command.environment.isEmpty, command.folder == nil,
            let input = command.input, let arguments = KubectlArguments(command.arguments),
            arguments.words.count == 1, arguments["--filename"] == "-",
            let (method, path) = Self.target(of: arguments, input)
        else { return nil }
        (self.method, self.path, body) = (method, path, input)
        context = arguments["--context"] ?? ""
    }

    private static func target(of arguments: KubectlArguments, _ input: String) -> (
        HTTPExchange.Method, path: String
    )? {
        if arguments.words == ["delete"] {
            guard arguments.areOnly(["--raw", "--filename"]), let path = arguments["--raw"],
                path.hasPrefix("/apis/coordination.k8s.io/v1/"), path.contains("/leases/")
            else { return nil }
            return (.delete, path)
        }
        guard arguments.areOnly(["--field-manager", "--filename", "--output"]),
            arguments["--output"] == identity, let lease = try? JSONValue(text: input),
            lease["kind"]?.string == "Lease", let name = lease["metadata"]?["name"]?.string,
            let path = APIResource(kind: "Lease")?.path(in: arguments["--namespace"])
        else { return nil }
        let query = "fieldManager=\(Kubectl.fieldManager)&fieldValidation=Strict"
        switch arguments.words {
        case ["create"]: return (.post, "\(path)?\(query)")
        case ["replace"]: return (.put, "\(path)/\(name.percentEncoded)?\(query)")
        default: return nil
        }
    }

    /// - Returns: nil where kubectl is to be tried: it explains failures better.
    func answer(from server: HTTPExchange.Server) async throws -> CommandResult? {
        let answer = try await HTTPExchange(server: server, path: path, method: method, body: body).answer()
        return result(answer.status, answer.body)
    }

    func result(_ status: Int, _ body: String) -> CommandResult? {
        guard let object = try? JSONValue(text: body) else { return nil }
        if (200..<300).contains(status) {
            guard method != .delete else { return CommandResult(output: body) }
            guard let uid = object.uid, let version = object.resourceVersion else { return nil }
            return CommandResult(output: "\(uid) \(version)")
        }
        guard object["kind"]?.string == "Status", let reason = object["reason"]?.string,
            ["AlreadyExists", "Conflict", "Forbidden", "NotFound"].contains(reason)
        else { return nil }
        let deed =
            switch method {
            case .post: "error when creating \"STDIN\": "
            case .put: "error when replacing \"STDIN\": "
            case .get, .delete: ""
            }
        let message = object["message"]?.string ?? ""
        return CommandResult(status: 1, errors: "Error from server (\(reason)): \(deed)\(message)\n")
    }
}
