/// Objects of the cluster that were told to go and are still there: what each of them waits for.
struct HeldObjects: Equatable {
    private let objects: [JSONValue]

    /// - Parameter objects: as kubectl prints them; those that nobody deletes do not count.
    init(_ objects: [JSONValue]) {
        self.objects = objects.filter { $0["metadata"]?["deletionTimestamp"] != nil }
    }

    /// One sentence an object: "ConfigMap buildkit-proxy waits for its finalizer example.com/hold".
    var sentences: [String] {
        objects.flatMap { object -> [String] in
            let finalizers = (object["metadata"]?["finalizers"]?.array ?? []).compactMap(\.string)
            guard finalizers.isEmpty else {
                let noun = finalizers.count > 1 ? "finalizers" : "finalizer"
                return ["\(object.title) waits for its \(noun) \(finalizers.inWords)"]
            }
            // A namespace says in its conditions which objects in it are held, and by what.
            let conditions = (object["status"]?["conditions"]?.array ?? []).filter {
                $0["status"]?.string == "True"
            }.compactMap { $0["message"]?.string }
            return conditions.isEmpty
                ? ["\(object.title) is being deleted"] : conditions.map { "\(object.title): \($0)" }
        }
    }

    /// - Parameter said: what a tool said of it.
    func failure(_ message: String, said: String? = nil, _ kubectl: Kubectl) -> Failure {
        let hint = objects.first.map { object in
            let kind = object["kind"]?.string?.lowercased() ?? ""
            let look = kubectl("get", kind, object["metadata"]?["name"]?.string ?? "", "--output", "yaml")
            return "Whoever has set a finalizer takes it away when its work is done. See who: \(look)"
        }
        return Failure(
            message, detail: (sentences + [said].compactMap { $0 }).joined(separator: "\n"), hint: hint)
    }
}

extension JSONValue {
    /// "ConfigMap buildkit-proxy"
    fileprivate var title: String {
        "\(self["kind"]?.string ?? "An object") \(self["metadata"]?["name"]?.string ?? "")"
    }
}
