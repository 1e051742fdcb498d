import { StrictMode, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { XiesouSearch } from "xiesou-search/react";

const server = new URLSearchParams(location.search).get("server");

function App() {
  const search = useRef(null);
  const [said, say] = useState("");
  const [renders, render] = useState(0);
  const [shown, show] = useState(true);
  const [place, move] = useState("left");
  const [city, choose] = useState(["通化市"]);
  const element = (
    <XiesouSearch
      ref={search}
      className="mine"
      server={server}
      city={city}
      perPage={3}
      onResults={(event) => say(`${event.detail.total} 段，第 ${renders} 次`)}
      onSelect={(event) => {
        event.preventDefault();
        say(event.detail.url);
      }}
    />
  );
  return (
    <>
      <h1>React</h1>
      <p id="said">{said}</p>
      <button id="render" onClick={() => render(renders + 1)}>再画</button>
      <button id="toggle" onClick={() => show(!shown)}>开合</button>
      <button id="move" onClick={() => move("right")}>移动</button>
      <button id="choose" onClick={() => choose(["绍兴市"])}>绍兴市</button>
      <button id="ask" onClick={() => search.current.search("提案")}>提案</button>
      <div id="left">{shown && place === "left" && element}</div>
      <div id="right">{shown && place === "right" && element}</div>
    </>
  );
}

createRoot(document.getElementById("root")).render(<StrictMode><App /></StrictMode>);
