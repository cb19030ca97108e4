extension Query<Facts.Contexts> {
    /// The contexts' names alone; the kubeconfig's credentials are never printed.
    static let contexts = Query([
        Command(.kubectl, ["config", "get-contexts", "--output", "name"], timeout: 15),
        Command(.kubectl, ["config", "current-context"], timeout: 15),
    ]) { results throws(Failure) in
        let names = try results[0].text(else: "The kubeconfig cannot be read")
        // It ends with status 1 where none is current, which is no failure.
        let current = results[1].status == 0 ? results[1].output.trimmed : ""
        return .found(
            Facts.Contexts(names: names.split(separator: "\n").map { $0.trimmed }, current: current))
    }
}
