/// The pages that an answers file wants to be asked, as its `interactive` lists them.
struct PageChoice {
    /// Nil where something is wrong with the list: then the wizard asks everything.
    private(set) var pages: Set<Form.ID>?
    private(set) var problems: [Problem] = []

    init(_ value: JSONValue, origin: String) {
        let ids = Form.all.map(\.id)
        guard case .array(let names) = value else {
            refuse("is \(value.kind), but should be a list of pages", origin, example: ids.first)
            return
        }
        for name in names {
            guard case .string(let id) = name else {
                refuse("holds \(name.kind), but should hold names of pages", origin, example: ids.first)
                continue
            }
            guard !ids.contains(id) else { continue }
            refuse(
                "'\(id)' is none of the pages \(ids.joined(separator: ", "))", origin,
                example: nearest(to: id, in: ids))
        }
        if problems.isEmpty { pages = Set(names.compactMap(\.string)) }
    }

    private mutating func refuse(_ message: String, _ origin: String, example: String?) {
        problems.append(
            Problem(
                field: AnswersFile.Key.interactive, origin: origin, message: message, example: example))
    }
}
