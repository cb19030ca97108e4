// The answers of an API server, in kubectl's format.

extension APIRequest {
    /// The answer in the format of kubectl.
    /// - Throws: where the answer has no equivalent in kubectl's format.
    func answer(from server: HTTPExchange.Server) async throws -> CommandResult {
        do { return try await found(on: server) } catch let failure as Unexpected {
            guard let refusal = refusal(failure) else { throw failure }
            return refusal
        }
    }

    /// kubectl names one refusal even where several objects were asked for; which one is not certain.
    private func refusal(_ failure: Unexpected) -> CommandResult? {
        switch question {
        case .raw: failure.refusal
        case .objects(let paths, _, _) where paths.count == 1: failure.refusal
        case .version, .objects, .lists, .posts: nil
        }
    }

    private func found(on server: HTTPExchange.Server) async throws -> CommandResult {
        switch question {
        case .version:
            return CommandResult(output: #"{"serverVersion": \#(try await server.body(of: "/version"))}"#)
        case .raw(let path): return CommandResult(output: try await server.body(of: path))
        case .objects(let paths, let isList, let ignoresMissing):
            let found = try await concurrently(paths) {
                try await object(at: $0, from: server, ignoresMissing)
            }
            .compactMap(\.self)
            guard isList else { return CommandResult(output: found.first ?? "") }
            return CommandResult(output: #"{"kind": "List", "items": [\#(found.joined(separator: ","))]}"#)
        case .lists(let lists):
            return CommandResult(listing: try await concurrently(lists) { try await $0.answer(from: server) })
        case .posts(let posts, let printsObjects):
            var made: [String] = []
            for post in posts {
                let answer = try await HTTPExchange(
                    server: server, path: post.path, method: .post, body: post.body
                ).answer()
                guard answer.status == 201 else { throw Unexpected(answer) }
                made.append(answer.body)
            }
            return CommandResult(output: printsObjects ? made.joined(separator: "\n") : "")
        }
    }

    /// Nil where it does not exist and that is a valid answer.
    private func object(
        at path: String, from server: HTTPExchange.Server, _ ignoresMissing: Bool
    ) async throws -> String? {
        let answer = try await HTTPExchange(server: server, path: path).answer()
        if ignoresMissing, answer.saysNotFound { return nil }
        guard answer.status == 200 else { throw Unexpected(answer) }
        return answer.body
    }
}

extension APIRequest.List {
    /// The answer for one kind.
    enum Answer {
        case items([JSONValue])
        /// In kubectl's words.
        case refused(CommandResult)
        case absent(CommandResult)
    }

    /// - Throws: where kubectl must explain the answer.
    func answer(from server: HTTPExchange.Server) async throws -> Answer {
        do { return .items(try await items(from: server)) } catch let failure as Unexpected {
            // A user without rights may not even learn that a kind is absent.
            if let absence = try await absence(from: server) { return .absent(absence) }
            guard let refusal = failure.refusal else { throw failure }
            return .refused(refusal)
        }
    }

    /// The number of objects per answer, as in kubectl.
    private static let page = 500

    /// Each with its kind, which the server sends once for all of them.
    private func items(from server: HTTPExchange.Server) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var start: String?
        repeat {
            let parts = ["limit=\(Self.page)", query, start.map { "continue=\($0)" } ?? ""].filter {
                !$0.isEmpty
            }
            let text = try await server.body(of: "\(path)?\(parts.joined(separator: "&"))")
            let list = try JSONValue(text: text)
            let found: [JSONValue]
            switch list["items"] {
            case .array(let objects): found = objects
            // An empty list may have it.
            case .null: found = []
            // It is no list, so it says nothing about the objects.
            default: throw Unexpected(HTTPExchange.Answer(status: 200, body: text))
            }
            let kind = list["kind"]?.string?.replacing("List", with: "") ?? ""
            items += found.map { item in
                var members = item.object
                members["kind"] = .string(kind)
                members["apiVersion"] = list["apiVersion"]
                return .object(members)
            }
            // The token consists of letters and digits (base64url).
            start = list["metadata"]?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        } while start != nil
        return items
    }
}

extension CommandResult {
    /// What kubectl prints for lists of several kinds: an absent kind is its whole answer; beside a kind that is refused it
    /// prints the objects of the others, and fails.
    init(listing answers: [APIRequest.List.Answer]) {
        var items: [JSONValue] = []
        var refusals = ""
        for answer in answers {
            switch answer {
            case .items(let found): items += found
            case .refused(let refusal): refusals += refusal.errors
            case .absent(let absence):
                self.init(status: absence.status, output: absence.output, errors: absence.errors)
                return
            }
        }
        self.init(
            status: refusals.isEmpty ? 0 : 1,
            output: JSONValue.object(["kind": "List", "items": .array(items)]).text, errors: refusals)
    }
}

/// An answer other than the one asked for.
private struct Unexpected: Error {
    let answer: HTTPExchange.Answer

    init(_ answer: HTTPExchange.Answer) { self.answer = answer }

    /// Nil where kubectl must explain the answer.
    var refusal: CommandResult? {
        (try? JSONValue(text: answer.body)).flatMap {
            CommandResult(refusal: $0, for: ["Forbidden", "NotFound"])
        }
    }
}

extension HTTPExchange.Server {
    /// - Throws: where the answer has another status than 200.
    func body(of path: String) async throws -> String {
        let answer = try await HTTPExchange(server: self, path: path).answer()
        guard answer.status == 200 else { throw Unexpected(answer) }
        return answer.body
    }
}
