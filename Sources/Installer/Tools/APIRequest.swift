import FoundationEssentials

/// The request to the API server of a read-only kubectl command, over HTTP, with an answer in kubectl's format.
///
/// Most of the cost of kubectl is its start. Plans, hints and tests still show the commands, and they are run where
/// there is no connection; only commands whose arguments are all understood are replaced by a request.
///
/// https://kubernetes.io/docs/reference/using-api/api-concepts/
struct APIRequest: Equatable, Sendable {
    enum Question: Equatable, Sendable {
        case version
        case raw(path: String)
        /// Objects by name; those that exist.
        case objects(paths: [String], isList: Bool, ignoresMissing: Bool)
        /// All objects of some kinds.
        case lists([List])
        /// Objects to create in order: reviews, or objects of a dry run.
        case posts([Post], printsObjects: Bool)
    }

    struct List: Equatable, Sendable {
        let path: String
        /// A selector, as a query string.
        let query: String
    }

    struct Post: Equatable, Sendable {
        let path: String
        let body: String
    }

    /// The kubeconfig's context; empty: its current one.
    let context: String
    let question: Question
    /// The timeout, in seconds.
    let timeout: Int

    /// - Returns: nil where the command has no equivalent request, or an argument is not understood.
    init?(_ command: Command) {
        guard let arguments = KubectlArguments(command),
            let question = Question(arguments, input: command.input)
        else { return nil }
        context = arguments["--context"] ?? ""
        timeout = arguments.timeout ?? command.timeout
        self.question = question
    }
}

extension APIRequest.Question {
    fileprivate init?(_ arguments: KubectlArguments, input: String?) {
        switch arguments.words.first {
        case "version" where arguments.areOnly(["--output"]) && arguments["--output"] == "json":
            self = .version
        case "get":
            if let path = arguments["--raw"] {
                guard arguments.areOnly(["--raw"]), arguments.words.count == 1 else { return nil }
                self = .raw(path: path)
            } else {
                self.init(looking: arguments)
            }
        case "create": self.init(making: arguments, input: input)
        default: return nil
        }
    }

    private init?(looking arguments: KubectlArguments) {
        guard arguments.words.count > 1,
            arguments["--output"] == "json",
            arguments.areOnly(["--output", "--selector", "--ignore-not-found", "--all-namespaces"])
        else { return nil }
        let words = arguments.words.dropFirst()
        if words.count > 1 || words.contains(where: { $0.contains("/") }) {
            self.init(named: Array(words), arguments)
        } else {
            self.init(listing: words[1], arguments)
        }
    }

    /// `get service a b`, or `get service/a pod/b`.
    private init?(named words: [String], _ arguments: KubectlArguments) {
        let objects: [(kind: String, name: String)]? =
            words.allSatisfy { $0.contains("/") }
            ? words.map { ("\($0.prefix { $0 != "/" })", "\($0.drop { $0 != "/" }.dropFirst())") }
            : words.contains { $0.contains("/") || $0.contains(",") }
                ? nil : words.dropFirst().map { (words[0], $0) }
        let paths = objects?.compactMap { object in
            APIResource(object.kind)?.path(in: arguments["--namespace"]).map {
                "\($0)/\(object.name.percentEncoded)"
            }
        }
        guard let paths, paths.count == objects?.count,
            arguments.areOnly(["--output", "--ignore-not-found"])
        else { return nil }
        self = .objects(
            paths: paths, isList: paths.count > 1,
            ignoresMissing: arguments.switches.contains("--ignore-not-found"))
    }

    /// `get pods`, or `get pods,services`.
    private init?(listing kinds: String, _ arguments: KubectlArguments) {
        let kinds = kinds.split(separator: ",")
        let areAll = arguments.switches.contains("--all-namespaces")
        let paths = kinds.compactMap {
            APIResource(String($0))?.path(in: arguments["--namespace"], ofAll: areAll)
        }
        guard paths.count == kinds.count else { return nil }
        let query = arguments["--selector"].map { "labelSelector=\($0.percentEncoded)" } ?? ""
        self = .lists(paths.map { APIRequest.List(path: $0, query: query) })
    }

    private init?(making arguments: KubectlArguments, input: String?) {
        let isRehearsal = arguments.switches.contains("--dry-run=server")
        guard arguments.areOnly(["--output", "--filename", "--validate=false", "--dry-run=server"]),
            arguments["--filename"] == "-", let input,
            let list = try? JSONValue(text: input),
            list["kind"]?.string == "List"
        else { return nil }
        let items = list["items"]?.array ?? []
        let posts = items.compactMap { item -> APIRequest.Post? in
            let kind = item["kind"]?.string ?? ""
            guard let resource = APIResource(kind: kind), isRehearsal || resource.isReview,
                let path = resource.path(
                    in: item["metadata"]?["namespace"]?.string ?? arguments["--namespace"])
            else { return nil }
            return APIRequest.Post(
                path: isRehearsal ? "\(path)?dryRun=All&fieldValidation=Ignore" : path, body: item.text)
        }
        guard !posts.isEmpty, posts.count == items.count else { return nil }
        self = .posts(posts, printsObjects: !isRehearsal)
    }
}
