/// Objects that are being deleted but still exist, and what each of them waits for.
struct StuckDeletions: Equatable {
    private let objects: [JSONValue]

    /// - Parameter objects: as kubectl prints them; objects that are not being deleted are ignored.
    init(_ objects: [JSONValue]) {
        self.objects = objects.filter(\.isTerminating)
    }

    /// One sentence per reason: "ConfigMap buildkit-proxy is being deleted and waits for its finalizer example.com/hold".
    var sentences: [String] {
        objects.flatMap { object -> [String] in
            guard let deletion = PendingDeletion(of: object) else { return [] }
            // The conditions of a namespace name the objects in it that are held, and the reason.
            let conditions = (object["status"]?["conditions"]?.array ?? []).filter {
                $0["status"]?.string == "True"
            }.compactMap { $0["message"]?.string }
            return deletion.finalizers.isEmpty && !conditions.isEmpty
                ? conditions.map { "\(object.title): \($0)" } : [deletion.sentence(about: object.title)]
        }
    }

    /// - Parameter said: the output of the tool that reported it.
    func failure(_ message: String, said: String? = nil, _ kubectl: Kubectl) -> InstallerError {
        let hint = objects.first.map { object in
            let kind = object["kind"]?.string?.lowercased() ?? ""
            let look = kubectl("get", kind, object["metadata"]?["name"]?.string ?? "", "--output", "yaml")
            return
                "The controller that set a finalizer removes it when its work is done. List the finalizers: \(look)"
        }
        return InstallerError(
            message, detail: (sentences + [said].compactMap { $0 }).joined(separator: "\n"), hint: hint,
            code: .deletionBlocked)
    }
}

extension JSONValue {
    /// "ConfigMap buildkit-proxy"
    fileprivate var title: String {
        "\(self["kind"]?.string ?? "An object") \(self["metadata"]?["name"]?.string ?? "")"
    }
}
