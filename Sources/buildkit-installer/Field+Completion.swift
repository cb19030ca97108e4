import ArgumentParser
import Installer

extension Field {
    /// What a shell offers as the value of the flag.
    var completion: CompletionKind {
        switch kind {
        case .path: .file()
        case .toggle: .list(["yes", "no"])
        case .choice(let options): .list(options.map(\.value))
        case .text, .number, .list:
            World.knownFields.contains(id)
                ? .custom { [id] _, _, _ in await World.live.knownAnswers(to: id) } : .default
        }
    }
}
