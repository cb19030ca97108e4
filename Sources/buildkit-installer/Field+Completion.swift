import ArgumentParser
import Installer

extension Field {
    /// What a shell offers as the value of the flag. Nothing is asked over the network for it.
    var completion: CompletionKind {
        switch kind {
        case .path: return .file()
        case .toggle: return .list(["yes", "no"])
        case .choice(let options), .choices(let options): return .list(options.map(\.value))
        case .text, .number, .list: break
        }
        return switch id {
        case Field.context.id: .shellCommand("kubectl config get-contexts --output name 2>/dev/null")
        case Field.builder.id: .custom { _, _, _ in World.live.builderNames }
        default: .default
        }
    }
}
